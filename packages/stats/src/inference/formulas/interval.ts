import type { UnknownState } from "../../arms/states.ts";
import type { Interval, IntervalOrigin } from "../result.ts";

/** Two ends, each by itself; null where it is not known. */
export interface Ends {
  low: number | null;
  high: number | null;
}

/**
 * The last bits of an interval follow the decision that p made: its ends are computed another way and may round to the
 * other side of 0. An end that is not known stays so.
 */
export function agree({ low, high }: Ends, side: -1 | 0 | 1): Ends {
  const lowest = (end: number | null, bound: number) => (end === null ? null : Math.max(end, bound));
  const highest = (end: number | null, bound: number) => (end === null ? null : Math.min(end, bound));
  if (side > 0) return { low: lowest(low, Number.MIN_VALUE), high: lowest(high, Number.MIN_VALUE) };
  if (side < 0) return { low: highest(low, -Number.MIN_VALUE), high: highest(high, -Number.MIN_VALUE) };
  return { low: highest(low, 0), high: lowest(high, 0) };
}

/** An interval with both ends or with one of them. */
export function endedInterval(estimate: number, { low, high }: Ends, origin: IntervalOrigin): Interval {
  if (low !== null && high !== null) return { state: "bounded", estimate, low, high, ...origin };
  return { state: "one_sided", estimate, low, high, ...origin };
}

/** An interval of the lift, or why there is none: it has the ends that the difference has, or it is unbounded. */
export function liftInterval(
  lift: { estimate: number; ends: Ends } | null,
  difference: Ends,
  side: -1 | 0 | 1,
  origin: IntervalOrigin,
): Interval {
  if (lift === null) return unknownInterval("zero_baseline");
  const { estimate, ends } = lift;
  if (!Number.isFinite(estimate)) return unknownInterval("out_of_range");
  const low = difference.low === null ? null : ends.low;
  const high = difference.high === null ? null : ends.high;
  const isShort = (difference.low !== null && low === null) || (difference.high !== null && high === null);
  if (isShort) return { state: "unbounded", estimate, ...origin };
  return endedInterval(estimate, agree({ low, high }, side), origin);
}

export function unknownInterval(reason: UnknownState | "zero_baseline", estimate: number | null = null): Interval {
  return { state: "unknown", reason, estimate };
}

/** Is there no NaN and nothing infinite in it, however deep? */
export function allFinite(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  return typeof value !== "object" || value === null || Object.values(value).every(allFinite);
}
