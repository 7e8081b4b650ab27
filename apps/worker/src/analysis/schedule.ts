/** What is known of an experiment's analyses so far. */
export interface RunState {
  /** When its moments were last asked for, successfully or not. */
  lastRunAt: Date;
  /** How long that took, seconds. */
  seconds: number;
  /** Failures in a row. */
  failures: number;
}

const SHORTEST_PAUSE_MS = 2_000;
/** Nothing waits longer: what time alone changes (retention's days, stale data) is at most an hour behind. */
export const LONGEST_PAUSE_MS = 3_600_000;
/** An experiment may keep the event store busy for one part in so many. */
const SHARE = 20;

/**
 * When an experiment is due again: after 20 times as long as it took, 2 seconds to an hour; after failures twice as long
 * each time.
 */
export function dueAt(state: RunState | null): number {
  if (!state) return 0;
  const pause = Math.max(SHORTEST_PAUSE_MS, SHARE * state.seconds * 1_000) * 2 ** Math.min(state.failures, 11);
  return state.lastRunAt.getTime() + Math.min(LONGEST_PAUSE_MS, pause);
}
