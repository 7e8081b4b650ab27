/** An effect with its range of plausible values, as fractions (0.015 = 1.5 %). */
export type ChartInterval =
  | { state: "bounded"; estimate: number; low: number; high: number }
  | { state: "unbounded"; estimate: number }
  | { state: "undefined"; reason: string };

/** Where the marks of an interval lie, in px from the left. */
export interface IntervalMarks {
  zero: number;
  low: number;
  high: number;
  estimate: number;
  /** The range goes on beyond the drawing. */
  clippedLow: boolean;
  clippedHigh: boolean;
}

const SMALLEST = 0.001;

/** The next of 1, 2, 5, 10, 20 … (times a power of ten) that is not below `value`. */
export function niceAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 5, 10].find((candidate) => candidate * power >= value * (1 - 1e-9)) ?? 10;
  return Number((step * power).toPrecision(12));
}

/**
 * One symmetric scale for many rows: it reaches every bounded end, but no further than eight times the largest
 * estimate's own size, so that one wild row does not flatten the others. Never below ±0.1 %.
 */
export function sharedExtent(intervals: readonly ChartInterval[]): number {
  const bounded = intervals.filter((interval) => interval.state === "bounded");
  const ends = bounded.map(({ low, high }) => Math.max(Math.abs(low), Math.abs(high)));
  const estimates = bounded.map(({ estimate }) => Math.abs(estimate));
  const reach = Math.max(SMALLEST, ...ends);
  const widest = Math.max(SMALLEST, ...estimates) * 8;
  const narrowest = ends.length > 0 ? Math.min(...ends) : SMALLEST;
  return niceAbove(Math.min(reach, Math.max(widest, narrowest)));
}

/** Places an interval on a scale of ±`extent` across `width` px; zero is always in the middle. */
export function placeInterval(
  interval: Extract<ChartInterval, { state: "bounded" }>,
  extent: number,
  width: number,
): IntervalMarks {
  const place = (value: number) => {
    const clamped = Math.min(extent, Math.max(-extent, value));
    return ((clamped + extent) / (2 * extent)) * width;
  };
  return {
    zero: width / 2,
    low: place(interval.low),
    high: place(interval.high),
    estimate: place(interval.estimate),
    clippedLow: interval.low < -extent,
    clippedHigh: interval.high > extent,
  };
}
