import type { MetricMoments } from "@telltale/events";
import type { Tails } from "@telltale/stats";
import { absoluteCapOf } from "../plan/cap.ts";
import type { PlannedMetric } from "../plan/plan.ts";

type Mean = Extract<MetricMoments, { form: "mean" }>;
type Ratio = Extract<MetricMoments, { form: "ratio" }>;

/** Sums over all arms of what a sum of moments needs: units, means weighed by units, squares and products. */
function total<T>(arms: readonly T[], of: (arm: T) => number): number {
  return arms.reduce((sum, arm) => sum + of(arm), 0);
}

/** Share of the variance that CUPED leaves, and its slope; 1 and 0 where nothing is adjusted. */
function adjustmentOf(arms: readonly Mean[], adjusts: boolean): { left: number; slope: number } {
  const before = adjusts ? arms.flatMap((arm) => (arm.before ? [arm.before] : [])) : [];
  const [xx, xy, yy] = [total(before, (b) => b.xx), total(before, (b) => b.xy), total(before, (b) => b.yy)];
  if (!(xx > 0 && yy > 0)) return { left: 1, slope: 0 };
  return { left: Math.max(1e-6, 1 - (xy * xy) / (xx * yy)), slope: Math.abs(xy / xx) };
}

/**
 * Skewness from history, as it is among the units of the experiment: with fewer units that have a value at all (a
 * smaller mean) values are rarer and reach further; what CUPED explains leaves the tail to less variance.
 */
function skewnessOf({ history }: PlannedMetric, mean: number, left: number): number | null {
  if (!history || history.units === 0) return null;
  const rarer = mean !== 0 ? Math.max(1, Math.abs(history.value / mean)) : Number.POSITIVE_INFINITY;
  const found = (history.skewness * Math.sqrt(rarer)) / left ** 1.5;
  return Number.isFinite(found) ? found : null;
}

/** Mean |deviation|^3 by the standard deviation to the third over the units of all arms, from their histograms. */
function sampleSkewness(arms: readonly Mean[]): number | null {
  const buckets = arms.flatMap(({ histogram }) => histogram);
  const units = total(buckets, (bucket) => bucket.units);
  if (units === 0) return null;
  const middle = ({ from, to }: Mean["histogram"][number]) => (from + to) / 2;
  const mean = total(buckets, (bucket) => (bucket.units / units) * middle(bucket));
  const power = (k: number) =>
    total(buckets, (bucket) => (bucket.units / units) * Math.abs(middle(bucket) - mean) ** k);
  const skewness = power(3) / power(2) ** 1.5;
  return Number.isFinite(skewness) ? skewness : null;
}

function meanTails(metric: PlannedMetric, arms: readonly Mean[], reading: TailsReading): Tails {
  const { left, slope } = adjustmentOf(arms, reading.adjusts);
  const units = total(arms, ({ n }) => n);
  const mean = units > 0 ? total(arms, (arm) => (arm.n / units) * arm.mean) : 0;
  const cap = absoluteCapOf(metric.definition);
  // A cap cuts from above only: what may also lie far below 0 is not bounded by it.
  const isBounded = cap.y !== null && arms.every(({ histogram }) => histogram.every(({ from }) => from >= 0));
  const known = {
    skewness: skewnessOf(metric, mean, left),
    reach: isBounded && cap.y !== null ? cap.y * (1 + slope) : null,
  };
  if (known.skewness !== null || known.reach !== null || !reading.isPlannedEnd) return known;
  return { ...known, skewness: sampleSkewness(arms) };
}

/** Reach of one unit's `y - R x` by the mean of x; what was before reaches as far again. */
function ratioTails(metric: PlannedMetric, arms: readonly Ratio[], { adjusts }: TailsReading): Tails {
  const units = total(arms, ({ pair }) => pair.n);
  const [y, x] = [total(arms, ({ pair }) => pair.n * pair.meanY), total(arms, ({ pair }) => pair.n * pair.meanX)];
  const ratio = y / x;
  const cap = absoluteCapOf(metric.definition);
  const isAdjusted = adjusts && arms.some(({ before }) => before !== undefined);
  const reach = cap.y === null || cap.x === null ? null : Math.max(cap.y, Math.abs(ratio) * cap.x) / (x / units);
  const skewness = skewnessOf(metric, ratio, 1);
  return {
    skewness: skewness === null || isAdjusted ? null : skewness,
    reach: reach !== null && Number.isFinite(reach) ? reach * (isAdjusted ? 2 : 1) : null,
  };
}

export interface TailsReading {
  /** Whether CUPED adjusts. */
  adjusts: boolean;
  /** The planned units are in, or the experiment has ended. */
  isPlannedEnd: boolean;
}

/**
 * What is known of how far single units' values reach: by the absolute cap or the history that the plan froze. With
 * neither nothing is decided before the planned end; there, means go by their units' own spread. Undefined, to be checked
 * no further, for shares and quantiles, whose tails are known, and for a ratio at its planned end.
 */
export function tailsOf(
  metric: PlannedMetric,
  moments: readonly (MetricMoments | undefined)[],
  reading: TailsReading,
): Tails | undefined {
  const means = moments.filter((arm) => arm?.form === "mean");
  const ratios = moments.filter((arm) => arm?.form === "ratio");
  if (means.length > 0) return meanTails(metric, means, reading);
  if (ratios.length === 0) return undefined;
  const found = ratioTails(metric, ratios, reading);
  const isKnown = found.skewness !== null || found.reach !== null;
  return isKnown || !reading.isPlannedEnd ? found : undefined;
}
