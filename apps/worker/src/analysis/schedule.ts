import type { AnalysisDue, AnalysisState } from "@telltale/control";

/** What is known of an experiment's analyses so far, as far as the schedule goes. */
export type RunState = Pick<AnalysisState, "lastRunAt" | "newsCheckedAt" | "seconds" | "dataTo" | "failures">;

/** An experiment, as far as the schedule goes. */
export type Scheduled = Pick<AnalysisDue, "to" | "hasSnapshot"> & { state: RunState };

const SHORTEST_PAUSE_MS = 2_000;
/** Nothing waits longer: what time alone changes (retention's days, stale data) is at most an hour behind. */
export const LONGEST_PAUSE_MS = 3_600_000;
/** An experiment may keep the event store busy for one part in so many. */
const SHARE = 20;
/** What is stored while a query runs may carry a moment from before it: news are asked for from this much earlier. */
const STORE_LAG_MS = 60_000;

/** Whether something is known to be missing: a first snapshot, or one that has seen the end. */
function isBehind({ state, to, hasSnapshot }: Scheduled): boolean {
  return !hasSnapshot || (to !== null && (state.dataTo === null || state.dataTo < to));
}

/** Bookkeeping from the future was written while the clock ran ahead: it says nothing about what was seen. */
function isFromFuture(scheduled: Scheduled, now: Date): boolean {
  return timesOf(scheduled).some((time) => time > now.getTime());
}

/** When something was written down last: milliseconds since 1970. */
function timesOf({ state: { lastRunAt, newsCheckedAt } }: Scheduled): number[] {
  return [lastRunAt, newsCheckedAt].flatMap((time) => (time === null ? [] : [time.getTime()]));
}

/**
 * When an experiment is due again, milliseconds since 1970: after 20 times as long as it took, 2 seconds to an hour; after
 * failures twice as long each time; at once where something is known to be missing, or the clock was set back.
 */
export function dueAt(scheduled: Scheduled, now: Date): number {
  const { seconds, failures } = scheduled.state;
  if (failures === 0 && (isBehind(scheduled) || isFromFuture(scheduled, now))) return 0;
  const last = Math.max(0, ...timesOf(scheduled).filter((time) => time <= now.getTime()));
  const pause = Math.max(SHORTEST_PAUSE_MS, SHARE * seconds * 1_000) * 2 ** Math.min(failures, 11);
  return last + Math.min(LONGEST_PAUSE_MS, pause);
}

/**
 * From when on something must have been stored for a scan to be worth it; null where it is scanned in any case: something
 * is missing, the last run failed, or it was an hour ago.
 */
export function newsWanted(scheduled: Scheduled, now: Date): Date | null {
  const { lastRunAt, seconds, failures } = scheduled.state;
  if (lastRunAt === null || failures > 0 || isBehind(scheduled) || isFromFuture(scheduled, now)) return null;
  if (now.getTime() - lastRunAt.getTime() >= LONGEST_PAUSE_MS) return null;
  return new Date(lastRunAt.getTime() - seconds * 1_000 - STORE_LAG_MS);
}
