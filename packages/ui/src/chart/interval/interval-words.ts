import { formatChange } from "../../format.ts";
import type { ChartInterval, NoIntervalReason } from "./interval.ts";

/** How an effect is written: a lift by default. */
export type WriteEffect = (effect: number) => string;

const REASONS: Record<NoIntervalReason, string> = {
  no_data: "Nobody in an arm",
  not_enough_data: "Not enough data",
  zero_variance: "Every unit has the same value: nothing to judge a difference by",
  zero_denominator: "The denominator is 0",
  impossible: "These counts contradict each other: the events need a look",
  out_of_range: "Values too large or too small to compute with",
  too_skewed: "Single values reach too far for so few units",
  ties: "Values repeat too often around it",
  precision_lost: "Values too close together to compute with",
  zero_baseline: "The control is at 0: there is no lift to speak of, read it in absolute numbers",
  drifted: "The effect changed: what was plausible earlier is not any more",
};

/** "95 % CI"; levels that were corrected for several tests have their digit: "98.3 % CI". */
export function levelText(level: number): string {
  return `${Number((level * 100).toFixed(1))} % CI`;
}

/** A range as people say it: "−0.2 % to +3.2 %", "at least −1.0 %", "any size"; a dash when there is none. */
export function intervalText(interval: ChartInterval, write: WriteEffect = (effect) => formatChange(effect)): string {
  switch (interval.state) {
    case "bounded":
      return `${write(interval.low)} to ${write(interval.high)}`;
    case "one_sided":
      if (interval.low !== null) return `at least ${write(interval.low)}`;
      return interval.high === null ? "any size" : `at most ${write(interval.high)}`;
    case "unbounded":
      return "any size";
    case "unknown":
      return "–";
    default: {
      const never: never = interval;
      return never;
    }
  }
}

/** What to know about an interval that is no plain range; undefined when it is one. */
export function intervalNote(interval: ChartInterval): string | undefined {
  if (interval.state === "unknown") return REASONS[interval.reason];
  if (interval.state === "unbounded") return "The control is too near 0: any lift fits so far";
  return undefined;
}

/** The level all these intervals have; null when they differ or none has one. */
export function commonLevel(intervals: readonly ChartInterval[]): number | null {
  const levels = new Set(intervals.flatMap((interval) => (interval.state === "unknown" ? [] : [interval.level])));
  const [level] = levels;
  return levels.size === 1 && level !== undefined ? level : null;
}
