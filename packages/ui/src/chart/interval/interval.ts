/** Why there is no interval, by the names of the statistics. */
export type NoIntervalReason =
  | "no_data"
  | "not_enough_data"
  | "zero_variance"
  | "zero_denominator"
  | "impossible"
  | "out_of_range"
  | "too_skewed"
  | "ties"
  | "precision_lost"
  | "zero_baseline"
  | "drifted";

/**
 * An effect with its range of plausible values: lifts are fractions (0.015 = 1.5 %), differences in the metric's unit.
 * `level` is the share of such intervals that hold the truth. One-sided intervals have one end, the other is null.
 */
export type ChartInterval =
  | { state: "bounded"; estimate: number; low: number; high: number; level: number }
  | { state: "one_sided"; estimate: number; low: number | null; high: number | null; level: number }
  | { state: "unbounded"; estimate: number; level: number }
  | { state: "unknown"; reason: NoIntervalReason; estimate: number | null };

export type KnownInterval = Exclude<ChartInterval, { state: "unknown" }>;

/** Where the marks of an interval lie, in px from the left. */
export interface IntervalMarks {
  zero: number;
  low: number;
  high: number;
  /** Null: it lies beyond the drawing. */
  estimate: number | null;
  /** The range goes on beyond the drawing. */
  openLow: boolean;
  openHigh: boolean;
}

const SMALLEST_LIFT = 0.001;
/** A row may reach this many times as far as the middle one; what lies beyond is clipped. */
const FARTHEST = 8;

/** The ends of a range; null where it has none. */
export function intervalEnds(interval: KnownInterval): { low: number | null; high: number | null } {
  return interval.state === "unbounded" ? { low: null, high: null } : { low: interval.low, high: interval.high };
}

/** The next of 1, 2, 5, 10, 20 … (times a power of ten) that is not below `value`. */
export function niceAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 5, 10].find((candidate) => candidate * power >= value * (1 - 1e-9)) ?? 10;
  return Number((step * power).toPrecision(12));
}

/**
 * One symmetric scale for many rows: it reaches every end, but no further than eight times as far as the middle row, so
 * that one wild row does not flatten the others. Never below `smallest` (of lifts: ±0.1 %).
 */
export function sharedExtent(intervals: readonly ChartInterval[], smallest = SMALLEST_LIFT): number {
  const reaches = intervals.flatMap((interval) => {
    if (interval.state === "unknown") return [];
    const ends = Object.values(intervalEnds(interval)).filter((end) => end !== null);
    return ends.length === 0 ? [] : [Math.max(...ends.map(Math.abs))];
  });
  return niceAbove(Math.max(smallest, farReach(reaches)));
}

/**
 * How far a scale reaches that several share: to the farthest of them, but no further than eight times the middle one
 * (the lower of two). Zero for none.
 */
export function farReach(reaches: readonly number[]): number {
  const sorted = reaches.toSorted((a, b) => a - b);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
  return Math.min(sorted.at(-1) ?? 0, middle * FARTHEST);
}

/** Places an interval on a scale of ±`extent` across `width` px; zero is always in the middle. */
export function placeInterval(interval: KnownInterval, extent: number, width: number): IntervalMarks {
  const place = (value: number) => {
    const clamped = Math.min(extent, Math.max(-extent, value));
    return ((clamped + extent) / (2 * extent)) * width;
  };
  const { low, high } = intervalEnds(interval);
  return {
    zero: width / 2,
    low: place(low ?? -extent),
    high: place(high ?? extent),
    estimate: Math.abs(interval.estimate) > extent ? null : place(interval.estimate),
    openLow: low === null || low < -extent,
    openHigh: high === null || high > extent,
  };
}
