import { backoffMs } from "../platform.ts";
import { askEdge, type Connection, poll } from "./ask-edge.ts";
import { readEvents } from "./sse.ts";

/** An edge's stream begins with a byte: when none came for this long, a poll races it (a proxy may hold it back). */
const SILENCE_MS = 3_000;
/** Whoever has a ruleset can wait longer, so that an edge that is only slow is not asked by all at once. */
const PATIENCE_MS = 20_000;
/** After this many streams in a row that brought no byte, poll. */
const STREAM_FAILURES_MAX = 3;
/** While polling, try the stream again every so many rounds. */
const STREAM_RETRY_ROUNDS = 10;
/** Reconnections are never closer together than chance makes them within this, whatever the edge says. */
const SPREAD_MS_MIN = 100;

export interface SourceOptions {
  stream: boolean;
  pollIntervalMs: number;
}

/**
 * Keeps rulesets coming until the end: by a stream first; by polling when streams keep failing (a proxy
 * that buffers them, say), trying the stream again now and then.
 */
export function startSource(connection: Connection, { stream, pollIntervalMs }: SourceOptions): void {
  const { platform, state, freshness, ending } = connection;
  const { random, schedule } = platform;
  let streamFailures = stream ? 0 : STREAM_FAILURES_MAX;
  let pollFailures = 0;
  let rounds = 0;
  let cancel = () => {};
  /** What the edge asked for when it refused: nothing is tried earlier. */
  let refusedForMs = 0;
  /** How wide the edge wants the first reconnections to be spread. */
  let spreadMs = 2_000;

  const onEvent = (event: string, data: string): void => {
    if (event === "retry") spreadMs = Math.max(SPREAD_MS_MIN, +data || 0);
    if (event === "ruleset") state.accept(data, "stream");
    if (event === "patch") state.patch(data);
  };
  const follow = async (): Promise<void> => {
    streamFailures++;
    const race = async () => {
      refusedForMs = (await poll(connection)) ?? 0;
    };
    const stopRace = schedule(race, SILENCE_MS + (state.ruleset ? random() * PATIENCE_MS : 0));
    const refused = await askEdge(connection, {
      path: "/v1/stream",
      headers: { "last-event-id": state.received },
      read: (response, progress) => {
        const onPiece = () => {
          stopRace();
          streamFailures = 0;
          freshness.onHeard();
          progress();
        };
        return readEvents(response, onPiece, onEvent);
      },
    });
    stopRace();
    refusedForMs = Math.max(refusedForMs, refused ?? 0);
  };
  const turn = async (): Promise<void> => {
    refusedForMs = 0;
    if (stream && (streamFailures < STREAM_FAILURES_MAX || rounds % STREAM_RETRY_ROUNDS === 0)) await follow();
    let waitMs = backoffMs(platform, streamFailures, spreadMs);
    if (streamFailures >= STREAM_FAILURES_MAX && !ending.isOver) {
      rounds++;
      const refused = await poll(connection);
      pollFailures = refused === undefined ? 0 : pollFailures + 1;
      waitMs = pollFailures ? backoffMs(platform, pollFailures, spreadMs) : pollIntervalMs * (0.9 + 0.2 * random());
      refusedForMs = refused ?? 0;
    }
    // Everybody was refused for the same time: they come back spread over what comes after it.
    if (!ending.isOver) cancel = schedule(turn, refusedForMs + waitMs);
  };
  ending.onEnd(() => cancel());
  void turn();
}
