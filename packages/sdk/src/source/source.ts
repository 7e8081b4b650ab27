import { backoffMs, type Platform, sleep } from "../options.ts";
import { messageOf } from "../wire.ts";
import { createSseParser } from "./sse.ts";

export interface SourceOptions {
  url: string;
  key: string;
  stream: boolean;
  pollIntervalMs: number;
  platform: Platform;
  /** Ends everything. */
  signal: AbortSignal;
  /** What is held now, so that the edge need not send it again. */
  held(): { version: number; digest: string; streamed: boolean } | undefined;
  onDocument(document: unknown): void;
  onError(error: Error): void;
}

/** The edge sends a heartbeat every 15 s; a connection that is silent for this long is dead. */
const STALL_MS = 40_000;
/** After this many streams in a row that brought no byte, poll. */
const STREAM_FAILURES_MAX = 3;
/** While polling, try the stream again every so many rounds. */
const STREAM_RETRY_ROUNDS = 10;

/**
 * Keeps rulesets coming until the signal ends it: by a stream first; by polling when streams keep failing (a proxy
 * that buffers them, say), trying the stream again now and then.
 * The edge is believed even when it sends an older version: after a database was restored, that is the truth.
 */
export async function runSource(options: SourceOptions): Promise<void> {
  const { platform, signal, pollIntervalMs } = options;
  const random = () => platform.random();
  let streamFailures = 0;
  let pollFailures = 0;
  let round = 0;
  while (!signal.aborted) {
    if (options.stream && (streamFailures < STREAM_FAILURES_MAX || round % STREAM_RETRY_ROUNDS === 0)) {
      streamFailures = (await readStream(options)) ? 0 : streamFailures + 1;
    }
    if (signal.aborted) return;
    let waitMs: number;
    if (options.stream && streamFailures < STREAM_FAILURES_MAX) {
      waitMs = backoffMs(streamFailures, random);
    } else {
      round++;
      pollFailures = (await poll(options)) ? 0 : pollFailures + 1;
      waitMs = pollFailures > 0 ? backoffMs(pollFailures, random) : pollIntervalMs * (0.9 + 0.2 * platform.random());
    }
    await sleep(platform, waitMs, signal);
  }
}

/** True when bytes came, however it ended. */
async function readStream(options: SourceOptions): Promise<boolean> {
  const held = options.held();
  let alive = false;
  const headers: Record<string, string> = { accept: "text/event-stream" };
  if (held?.streamed) headers["last-event-id"] = String(held.version);
  await ask(options, "/v1/stream", headers, async (response, progress) => {
    const reader = response.body?.getReader();
    if (!reader) throw new Error("this platform's fetch cannot stream");
    const decoder = new TextDecoder();
    const parse = createSseParser(({ event, data }) => {
      if (event === "ruleset") options.onDocument(parsed(data, options));
    });
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      alive = true;
      progress();
      parse(decoder.decode(value, { stream: true }));
    }
  });
  return alive;
}

/** True when the edge answered with a document, or that ours is current. */
async function poll(options: SourceOptions): Promise<boolean> {
  const held = options.held();
  const headers: Record<string, string> = held ? { "if-none-match": `"${held.digest}-${held.version}"` } : {};
  return ask(options, "/v1/ruleset", headers, async (response) => {
    if (response.status !== 304) options.onDocument(parsed(await response.text(), options));
  });
}

function parsed(document: string, options: SourceOptions): unknown {
  try {
    return JSON.parse(document);
  } catch (cause) {
    options.onError(new Error("the edge sent a ruleset that is no JSON", { cause }));
    return undefined;
  }
}

/** One GET, ended when nothing happens for too long; errors are told, not thrown. True when it went well. */
async function ask(
  options: SourceOptions,
  path: string,
  headers: Record<string, string>,
  read: (response: Response, progress: () => void) => Promise<void>,
): Promise<boolean> {
  const { platform, signal } = options;
  const attempt = new AbortController();
  const abort = () => attempt.abort(new Error(`nothing came for ${STALL_MS / 1_000} s`));
  signal.addEventListener("abort", abort);
  let disarm = platform.schedule(abort, STALL_MS);
  const progress = () => {
    disarm();
    disarm = platform.schedule(abort, STALL_MS);
  };
  try {
    const response = await platform.fetch(options.url + path, {
      headers: { authorization: `Bearer ${options.key}`, ...headers },
      signal: attempt.signal,
    });
    if (!response.ok && response.status !== 304) throw new Error(`the edge answered ${response.status}`);
    await read(response, progress);
    return true;
  } catch (cause) {
    if (!signal.aborted) options.onError(new Error(`GET ${path}: ${messageOf(cause)}`, { cause }));
    return false;
  } finally {
    disarm();
    signal.removeEventListener("abort", abort);
    // Lets go of a connection whose answer was not read to its end.
    attempt.abort();
  }
}
