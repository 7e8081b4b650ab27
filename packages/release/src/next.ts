import { type GuardEvidence, type GuardWait, guardMove, guardWaits, isWatched } from "./guards.ts";
import { atStep, describeStep, inStatus, type Move, pauseMove, type ReleaseAt, rollbackMove } from "./move.ts";
import { DRAFT, measuredBy } from "./state.ts";

/** What is known of a release besides its state. */
export interface ReleaseEvidence {
  /** The window in which its environment publishes nothing, if it is in one; `until` in milliseconds since 1970. */
  freeze: { until: number; reason: string } | null;
  /**
   * After a rollback: whether what is served, read back, gives what the baseline gives. Null: it was not read, or could
   * not be.
   */
  readBack: { isBaseline: boolean; detail: string } | null;
  /** How the guards stand; null: there are none, or what SDKs observed could not be read. */
  guards: GuardEvidence | null;
}

/** Something that a release waits for before its next step. */
export type Wait =
  /** Until a moment, milliseconds since 1970. */
  | { code: "time"; until: number }
  | { code: "approval" }
  | { code: "freeze"; until: number; reason: string }
  | GuardWait;

const WEEK_MS = 7 * 86_400_000;
/** Without progress for so long, a release says so. */
export const STALLED_MS = 3 * WEEK_MS;
/** How soon a release is looked at again that waits for something other than a moment. */
const AGAIN_MS = 2_000;
/** How long a rollback may take to be read back before somebody is told. */
const READ_BACK_MS = 60_000;

/**
 * What a release does by itself now; null: nothing. Pure: the same release, evidence and moment give the same move. It
 * makes one step at most, however late it is: no share of the units is passed over without being measured.
 * @param now milliseconds since 1970, of the database's clock
 */
export function nextMove(release: ReleaseAt, evidence: ReleaseEvidence, now: number): Move | null {
  const { state } = release;
  const broken = guardMove(release, evidence.guards, now);
  if (broken) return broken;
  switch (state.status) {
    case "scheduled":
      return waitsOf(release, evidence, now).length > 0 ? null : startMove(release, now);
    case "running":
    case "baking":
      return advanceOrWait(release, evidence, now);
    case "paused":
      return stallMove(release, now);
    case "completed":
      return waitsOf(release, evidence, now).length > 0 ? null : finishMove(release, now);
    case "rolling_back":
      return readBackMove(release, evidence, now);
    default:
      return null;
  }
}

/** What a release waits for before it goes on by itself; empty where it goes on now, or never does. */
export function waitsOf({ plan, state }: ReleaseAt, { freeze, guards }: ReleaseEvidence, now: number): Wait[] {
  const time = (ms: number, isMeasured = true): Wait[] => {
    const left = isMeasured ? ms - measuredBy(state, now) : ms - now;
    return left > 0 ? [{ code: "time", until: now + left }] : [];
  };
  const frozen: Wait[] = freeze ? [{ code: "freeze", ...freeze }] : [];
  switch (state.status) {
    case "scheduled":
      return [...time(state.startAt ?? now, false), ...frozen];
    case "running": {
      const step = plan.steps[state.step];
      const isMissing = step?.isApprovalNeeded === true && state.approvedStep !== state.step;
      const approval: Wait[] = isMissing ? [{ code: "approval" }] : [];
      return [
        ...time((step?.holdSeconds ?? 0) * 1_000),
        ...guardWaits({ plan, state }, guards),
        ...frozen,
        ...approval,
      ];
    }
    case "baking":
      return [...time(plan.bakeSeconds * 1_000), ...guardWaits({ plan, state }, guards), ...frozen];
    case "completed":
      return time(plan.standbySeconds * 1_000);
    default:
      return [];
  }
}

/** When a release must be looked at again, milliseconds since 1970; null: only when somebody acts on it. */
export function lookAgainAt(release: ReleaseAt, now: number): number | null {
  const { status, since } = release.state;
  if (status === "rolling_back" || (status === "paused" && isWatched(release))) return now + AGAIN_MS;
  const stalls = since === null ? null : Math.max(since + STALLED_MS, now + AGAIN_MS);
  if (status === "paused") return release.state.isStalled ? null : stalls;
  if (status !== "scheduled" && status !== "running" && status !== "baking" && status !== "completed") return null;
  // Guards are read all the time: harm does not wait for the end of a hold.
  if (isWatched(release)) return now + AGAIN_MS;
  const waits = waitsOf(release, { freeze: null, readBack: null, guards: null }, now);
  const ends = waits.flatMap((wait) => (wait.code === "time" ? [wait.until] : []));
  return Math.max(now + 1, ...(ends.length > 0 ? ends : [now + AGAIN_MS]));
}

/** Serves the first step. */
export function startMove({ plan, state }: ReleaseAt, now: number): Move {
  return { kind: "started", to: atStep(plan, state, 0, now), sentence: `Started: ${describeStep(plan, 0)}.` };
}

/** The next step, or the end of the bake. */
export function forwardMove({ plan, state }: ReleaseAt, now: number): Move {
  if (state.status === "baking") {
    return {
      kind: "completed",
      to: inStatus(state, "completed", now),
      sentence: `Completed: everybody gets "${plan.variant}".`,
    };
  }
  const step = state.step + 1;
  return { kind: "advanced", to: atStep(plan, state, step, now), sentence: `Advanced: ${describeStep(plan, step)}.` };
}

/** The end: what it released stays, or stays taken back, and cannot be changed from here any more. */
export function finishMove({ plan, state }: ReleaseAt, now: number): Move {
  const to = { ...inStatus(state, "decommissioned", now), measuringSince: null };
  if (state.status === "completed") {
    const sentence = `Finished: "${plan.variant}" can no longer be rolled back from here.`;
    return { kind: "decommissioned", to, sentence };
  }
  return { kind: "decommissioned", to: { ...to, step: -1 }, sentence: "Given up: its rollback was not verified." };
}

/** Sets a release aside that could not go on: nothing is served otherwise, and others are not held up by it. */
export function asideMove(release: ReleaseAt, problem: string, now: number): Move | null {
  const { state } = release;
  if (state.status === "scheduled") {
    return { kind: "set_aside", to: { ...DRAFT, since: now }, sentence: `Not started: ${problem}` };
  }
  if (state.status !== "running" && state.status !== "baking") return null;
  return pauseMove(release, { reason: "error", sentence: problem }, now);
}

/** A hold that is as long as it was planned is no stall. */
function advanceOrWait(release: ReleaseAt, evidence: ReleaseEvidence, now: number): Move | null {
  const waits = waitsOf(release, evidence, now);
  if (waits.length === 0) return forwardMove(release, now);
  return waits.some(({ code }) => code === "time") ? null : stallMove(release, now);
}

function stallMove(release: ReleaseAt, now: number): Move | null {
  const { plan, state } = release;
  if (state.since === null || state.isStalled || now - state.since < STALLED_MS) return null;
  const sentence = `It has made no progress for three weeks: ${describeStep(plan, state.step)}.`;
  if (plan.whenStalled === "roll back") return rollbackMove(release, now, sentence);
  return { kind: "stalled", to: { ...state, isStalled: true }, sentence };
}

function readBackMove({ state }: ReleaseAt, { readBack }: ReleaseEvidence, now: number): Move | null {
  const over = (status: "rolled_back" | "rollback_unverified", sentence: string): Move => ({
    kind: status,
    to: { ...inStatus(state, status, now), measuringSince: null },
    sentence,
  });
  if (readBack?.isBaseline) return over("rolled_back", `Rolled back. ${readBack.detail}`);
  if (readBack) return over("rollback_unverified", `What is served is not what was served before. ${readBack.detail}`);
  if (now - (state.since ?? now) < READ_BACK_MS) return null;
  return over("rollback_unverified", "What is served could not be read back for a minute.");
}
