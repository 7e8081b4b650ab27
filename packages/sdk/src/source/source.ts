import { backoffMs, type Platform, within } from "../platform.ts";
import type { State } from "../state/state.ts";
import { createSseParser } from "./sse.ts";

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
export function startSource(
  platform: Platform,
  { accept, etag }: State,
  signal: AbortSignal,
  stream: boolean,
  pollIntervalMs: number,
): void {
  let streamFailures = stream ? 0 : STREAM_FAILURES_MAX;
  let pollFailures = 0;
  let rounds = 0;
  let cancel = () => {};
  /** Version that a stream or poll brought; a bootstrap's may be of another environment, so it is not claimed. */
  let received: string | undefined;

  const get = (
    path: string,
    headers: Record<string, string> | undefined,
    read: (response: Response, progress: () => void) => Promise<void>,
  ): Promise<boolean> =>
    within(platform, signal, STALL_MS, async (aborted, progress) => {
      const response = await platform.fetch(platform.url + path, {
        headers: { authorization: `Bearer ${platform.key}`, ...headers },
        signal: aborted,
      });
      if (response.ok) await read(response, progress);
      else if (response.status !== 304) throw new Error(`the edge answered ${response.status}`);
      return true;
    }).catch((cause) => {
      if (!signal.aborted) platform.emit("error", new Error(`GET ${path}: ${cause}`, { cause }));
      return false;
    });

  const take = (document: string): void => {
    received = accept(JSON.parse(document)) ?? received;
  };

  const readStream = async (): Promise<void> => {
    streamFailures++;
    await get("/v1/stream", received ? { "last-event-id": received } : undefined, async ({ body }, progress) => {
      const decoder = new TextDecoder();
      const parse = createSseParser((event, data) => {
        if (event === "ruleset") take(data);
      });
      const reader = body?.getReader();
      for (;;) {
        const piece = await reader?.read();
        if (!piece?.value) return;
        streamFailures = 0;
        progress();
        parse(decoder.decode(piece.value, { stream: true }));
      }
    });
  };

  const turn = async (): Promise<void> => {
    if (stream && (streamFailures < STREAM_FAILURES_MAX || rounds % STREAM_RETRY_ROUNDS === 0)) await readStream();
    let waitMs = backoffMs(platform, streamFailures);
    if (streamFailures >= STREAM_FAILURES_MAX && !signal.aborted) {
      rounds++;
      const known = etag();
      const answered = await get("/v1/ruleset", known ? { "if-none-match": known } : undefined, async (response) => {
        take(await response.text());
      });
      pollFailures = answered ? 0 : pollFailures + 1;
      waitMs = answered ? pollIntervalMs * (0.9 + 0.2 * platform.random()) : backoffMs(platform, pollFailures);
    }
    if (!signal.aborted) cancel = platform.schedule(turn, waitMs);
  };
  signal.addEventListener("abort", () => cancel());
  void turn();
}
