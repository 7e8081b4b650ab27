import { RULESET_SCHEMA } from "@telltale/evaluator";
import { backoffMs, type Platform, retryAfterMs, within } from "../platform.ts";
import type { State } from "../state/state.ts";
import { readEvents } from "./sse.ts";

/** What this SDK reads: also an edge of the next release answers with a document of this schema. */
const READS = `?schema=${RULESET_SCHEMA}&patches`;

/** The edge sends a heartbeat every 15 s; a connection that is silent for this long is dead. */
const STALL_MS = 40_000;
/** After this many streams in a row that brought no byte, poll. */
const STREAM_FAILURES_MAX = 3;
/** While polling, try the stream again every so many rounds. */
const STREAM_RETRY_ROUNDS = 10;

/**
 * Keeps rulesets coming until the signal ends it: by a stream first; by polling when streams keep failing (a proxy
 * that buffers them, say), trying the stream again now and then.
 */
export function startSource(
  platform: Platform,
  state: State,
  signal: AbortSignal,
  stream: boolean,
  pollIntervalMs: number,
): void {
  const { url, key, now, random, schedule, emit } = platform;
  const { accept, onHeard, onFailed } = state;
  let streamFailures = stream ? 0 : STREAM_FAILURES_MAX;
  let pollFailures = 0;
  let rounds = 0;
  let cancel = () => {};
  /** Version that a stream or poll brought; a bootstrap's may be of another environment, so it is not claimed. */
  let received: string | undefined;
  /** What the edge asked for when it refused: nothing is tried earlier. */
  let refusedForMs = 0;
  /** How wide the edge wants the first reconnections to be spread. */
  let spreadMs = 2_000;

  /** @returns whether the edge answered. */
  const get = async (
    path: string,
    condition: string,
    known: string | undefined,
    read: (response: Response, progress: () => void) => Promise<void>,
  ): Promise<boolean> => {
    refusedForMs = 0;
    try {
      await within(platform, signal, STALL_MS, async (aborted, progress) => {
        const response = await platform.fetch(url + path + READS, {
          headers: { authorization: `Bearer ${key}`, ...(known && { [condition]: known }) },
          signal: aborted,
        });
        const { ok, status } = response;
        if (!ok && status !== 304) {
          refusedForMs = retryAfterMs(response, now()) ?? 0;
          throw new Error(`the edge answered ${status}`);
        }
        onHeard();
        if (ok) await read(response, progress);
      });
      return true;
    } catch (cause) {
      if (!signal.aborted) {
        emit("error", new Error(`GET ${path}: ${cause}`, { cause }));
        onFailed();
      }
      return false;
    }
  };

  const readStream = (response: Response, progress: () => void): Promise<void> =>
    readEvents(
      response,
      () => {
        streamFailures = 0;
        onHeard();
        progress();
      },
      (event, data) => {
        if (event === "retry") spreadMs = +data;
        if (event === "ruleset") received = accept(data, "stream") ?? received;
        if (event !== "patch") return;
        received = state.patch(data);
        // Without a version to go on from, the next stream begins with the whole document.
        if (!received) throw new Error("a patch does not fit");
      },
    );

  const turn = async (): Promise<void> => {
    if (stream && (streamFailures < STREAM_FAILURES_MAX || rounds % STREAM_RETRY_ROUNDS === 0)) {
      streamFailures++;
      await get("/v1/stream", "last-event-id", received, readStream);
    }
    let waitMs = backoffMs(platform, streamFailures, spreadMs);
    if (streamFailures >= STREAM_FAILURES_MAX && !signal.aborted) {
      rounds++;
      const isAnswered = await get("/v1/ruleset", "if-none-match", state.etag(), async (response) => {
        received = accept(await response.text(), "poll") ?? received;
      });
      pollFailures = isAnswered ? 0 : pollFailures + 1;
      waitMs = isAnswered ? pollIntervalMs * (0.9 + 0.2 * random()) : backoffMs(platform, pollFailures, spreadMs);
    }
    // Everybody was refused for the same time: they come back spread over what comes after it.
    if (!signal.aborted) cancel = schedule(turn, refusedForMs + waitMs);
  };
  signal.addEventListener("abort", () => cancel());
  void turn();
}
