import type { UnknownState } from "../../arms/states.ts";
import type { Interval, IntervalOrigin } from "../result.ts";
import type { LiftEnds } from "./fieller.ts";

/**
 * The last bits of an interval follow the decision that p made: its ends are computed another way and may round to the
 * other side of 0.
 */
export function agree(ends: { low: number; high: number }, side: -1 | 0 | 1): { low: number; high: number } {
  if (side > 0) return { low: Math.max(ends.low, Number.MIN_VALUE), high: Math.max(ends.high, Number.MIN_VALUE) };
  if (side < 0) return { low: Math.min(ends.low, -Number.MIN_VALUE), high: Math.min(ends.high, -Number.MIN_VALUE) };
  return { low: Math.min(ends.low, 0), high: Math.max(ends.high, 0) };
}

/** An interval of the difference. */
export function boundedInterval(
  estimate: number,
  ends: { low: number; high: number },
  side: -1 | 0 | 1,
  origin: IntervalOrigin,
): Interval {
  return { state: "bounded", estimate, ...agree(ends, side), ...origin };
}

/** An interval of the lift, or why there is none. */
export function liftInterval(
  estimate: number | null,
  ends: LiftEnds | null,
  side: -1 | 0 | 1,
  origin: IntervalOrigin,
): Interval {
  if (estimate === null || ends === null) return unknownInterval("zero_baseline");
  if (!Number.isFinite(estimate)) return unknownInterval("out_of_range");
  if (ends.state === "unbounded") return { state: "unbounded", estimate, ...origin };
  return boundedInterval(estimate, ends, side, origin);
}

export function unknownInterval(reason: UnknownState | "zero_baseline", estimate: number | null = null): Interval {
  return { state: "unknown", reason, estimate };
}

/** Is there no NaN and nothing infinite in it, however deep? */
export function allFinite(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  return typeof value !== "object" || value === null || Object.values(value).every(allFinite);
}
