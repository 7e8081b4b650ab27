import { toP } from "../distributions/p-value.ts";
import { agree, endedInterval } from "./formulas/interval.ts";
import type { Comparison, Interval } from "./result.ts";

/** Everything an interval that has ends shares. */
type Ended = Extract<Interval, { low: number | null }>;

function hasEnds(interval: Interval): interval is Ended {
  return interval.state === "bounded" || interval.state === "one_sided";
}

function bothBounds(a: number | null, b: number | null, pick: (a: number, b: number) => number): number | null {
  if (a === null || b === null) return a ?? b;
  return pick(a, b);
}

/** What two looks' intervals have in common, around the newest estimate; null when that is nothing. */
function intersect(before: Interval, now: Interval): Interval | null {
  if (!hasEnds(before)) return now;
  const at = now.estimate;
  if (at === null) return before;
  const own = hasEnds(now) ? now : { low: null, high: null };
  const low = bothBounds(before.low, own.low, Math.max);
  const high = bothBounds(before.high, own.high, Math.min);
  if (low !== null && high !== null && low > high) return null;
  const estimate = Math.min(high ?? Number.MAX_VALUE, Math.max(low ?? -Number.MAX_VALUE, at));
  const { level, method, formula } = hasEnds(now) ? now : before;
  return endedInterval(estimate, { low, high }, { level, method, formula });
}

/** The sign of a difference that was found holds for its lift too, where that was not bounded at the time. */
function withSign(lift: Interval, difference: Interval): Interval {
  if (!hasEnds(lift) || !hasEnds(difference)) return lift;
  const side = (difference.low ?? -1) > 0 ? 1 : (difference.high ?? 1) < 0 ? -1 : 0;
  const ends = agree(lift, side);
  const estimate = Math.min(ends.high ?? Number.MAX_VALUE, Math.max(ends.low ?? -Number.MAX_VALUE, lift.estimate));
  const { level, method, formula } = lift;
  return endedInterval(estimate, ends, { level, method, formula });
}

function isDrifted({ difference }: Comparison): boolean {
  return difference.state === "unknown" && difference.reason === "drifted";
}

function drifted(now: Comparison): Comparison {
  const gone = { state: "unknown", reason: "drifted" } as const;
  return {
    ...now,
    p: null,
    logP: null,
    adjustedP: null,
    difference: { ...gone, estimate: now.difference.estimate },
    lift: { ...gone, estimate: now.lift.estimate },
    outcome: "unknown",
  };
}

/**
 * A sequence's result so far from the newest look and the running result before it: the smallest p, and the
 * intersection of all intervals, which hold together with the promised probability. A difference once found stays
 * found. For comparisons by the method `sequence` with the same settings at every look. When looks exclude each other
 * the effect changed while it was measured: the intervals are `drifted` from then on, and nothing can be said.
 */
export function runningResult(before: Comparison | null, now: Comparison): Comparison {
  if (before === null) return now;
  if (isDrifted(before)) return drifted(now);
  if (before.logP === null || before.adjustedP === null || now.logP === null || now.adjustedP === null) return now;
  const difference = intersect(before.difference, now.difference);
  const lift = intersect(before.lift, now.lift);
  if (difference === null || lift === null) return drifted(now);
  const logP = Math.min(before.logP, now.logP);
  const needs = difference.state === "bounded" ? null : now.needs;
  return {
    ...now,
    difference,
    lift: withSign(lift, difference),
    logP,
    p: toP(logP),
    adjustedP: Math.min(before.adjustedP, now.adjustedP),
    needs,
    outcome: now.outcome === "unclear" ? before.outcome : now.outcome,
  };
}
