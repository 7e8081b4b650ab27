import type { MetricMoments } from "@telltale/events";
import { type MetricArms, skewnessByHistory, type Tails } from "@telltale/stats";
import { isPlannedEnd, momentsOf, weightsOf } from "../plan/arms.ts";
import { absoluteCapOf } from "../plan/cap.ts";
import type { PlannedMetric } from "../plan/plan.ts";
import type { AnalysisInputs } from "../result/snapshot.ts";

type OfKind<K extends MetricArms["kind"]> = Extract<MetricArms, { kind: K }>;

function total<T>(arms: readonly T[], of: (arm: T) => number): number {
  return arms.reduce((sum, arm) => sum + of(arm), 0);
}

/**
 * Skewness from history, as it is among the units of the experiment: with fewer units that have a value at all (a
 * smaller mean) values are rarer and reach further; what CUPED explains leaves the tail to less variance.
 */
function skewnessOf({ history }: PlannedMetric, mean: number, left: number): number | null {
  if (!history || history.units === 0) return null;
  const rarer = mean !== 0 ? Math.max(1, Math.abs(history.value / mean)) : Number.POSITIVE_INFINITY;
  const found = (skewnessByHistory(history.skewness, history.units) * Math.sqrt(rarer)) / left ** 1.5;
  return Number.isFinite(found) ? found : null;
}

/** A cap cuts from above only: what may also lie far below 0 is not bounded by it. */
function capOf(metric: PlannedMetric, { isNegative }: TailsReading) {
  return isNegative ? { y: null, x: null } : absoluteCapOf(metric.definition);
}

function meanTails(metric: PlannedMetric, { arms }: OfKind<"mean">, reading: TailsReading): Tails {
  const units = total(arms, ({ n }) => n);
  const mean = units > 0 ? total(arms, (arm) => (arm.n / units) * arm.mean) : 0;
  return { skewness: skewnessOf(metric, mean, 1), reach: capOf(metric, reading).y };
}

/** CUPED takes `slope` times what was before from the value: both reach as far as the cap, and less variance is left. */
function adjustedTails(metric: PlannedMetric, { arms }: OfKind<"adjusted_mean">, reading: TailsReading): Tails {
  const units = total(arms, ({ n }) => n);
  const mean = units > 0 ? total(arms, (arm) => (arm.n / units) * arm.meanY) : 0;
  const [xx, xy, yy] = [total(arms, (arm) => arm.xx), total(arms, (arm) => arm.xy), total(arms, (arm) => arm.yy)];
  const varies = xx > 0 && yy > 0;
  const left = varies ? Math.max(1e-6, 1 - (xy * xy) / (xx * yy)) : 1;
  const cap = capOf(metric, reading).y;
  return {
    skewness: skewnessOf(metric, mean, left),
    reach: cap === null ? null : cap * (1 + (varies ? Math.abs(xy / xx) : 0)),
  };
}

/** Reach of one unit's `y - R x` by the mean of x; what was before reaches as far again. */
function ratioTails(
  metric: PlannedMetric,
  arms: readonly { n: number; y: number; x: number }[],
  isAdjusted: boolean,
  reading: TailsReading,
): Tails {
  const units = total(arms, ({ n }) => n);
  const [y, x] = [total(arms, (arm) => arm.n * arm.y), total(arms, (arm) => arm.n * arm.x)];
  const cap = capOf(metric, reading);
  const reach = cap.y === null || cap.x === null ? null : Math.max(cap.y, Math.abs(y / x) * cap.x) / (x / units);
  return {
    skewness: isAdjusted ? null : skewnessOf(metric, y / x, 1),
    reach: reach !== null && Number.isFinite(reach) ? reach * (isAdjusted ? 2 : 1) : null,
  };
}

/** What else the data say of how a metric's tails are to be known. */
export interface TailsReading {
  /** The planned units are in, or the experiment has ended. */
  isPlannedEnd: boolean;
  /** All arms have the same share, so that skewness cancels in their difference. */
  isBalanced: boolean;
  /** Values below 0 were seen. */
  isNegative: boolean;
}

/** How this metric's tails are to be known: the same for every look. */
export function tailsReadingOf(inputs: AnalysisInputs, { key }: PlannedMetric): TailsReading {
  const { plan, moments } = inputs;
  return {
    isPlannedEnd: isPlannedEnd(inputs),
    isBalanced: hasEqualArms(plan),
    isNegative: hasNegative(momentsOf(plan, moments.variants, key)),
  };
}

/** Whether values below 0 were seen in any arm. */
export function hasNegative(moments: readonly (MetricMoments | undefined)[]): boolean {
  return moments.some((arm) => arm?.form === "mean" && arm.histogram.some(({ from }) => from < 0));
}

function knownTails(metric: PlannedMetric, arms: MetricArms, reading: TailsReading): Tails | undefined {
  switch (arms.kind) {
    case "conversion":
    case "quantile":
      return undefined;
    case "mean":
      return meanTails(metric, arms, reading);
    case "adjusted_mean":
      return metric.definition.kind === "conversion" ? undefined : adjustedTails(metric, arms, reading);
    case "ratio":
    case "clustered":
      return ratioTails(
        metric,
        arms.arms.map(({ n, meanY, meanX }) => ({ n, y: meanY, x: meanX })),
        false,
        reading,
      );
    case "adjusted_ratio":
      return ratioTails(
        metric,
        arms.arms.map(({ n, means }) => ({ n, y: means.y, x: means.x })),
        true,
        reading,
      );
    default: {
      const never: never = arms;
      return never;
    }
  }
}

/**
 * What is known of how far single units' values reach, by the absolute cap or the history that the plan froze, for the
 * arms of one look. With neither nothing is decided before the planned end, and with arms of unlike shares not then
 * either: no number in the data bounds what has not come yet. Undefined, to be checked no further, for shares and
 * quantiles, whose tails are known, and at the planned end for arms that are alike, in whose difference skewness cancels.
 */
export function tailsOf(metric: PlannedMetric, arms: MetricArms, reading: TailsReading): Tails | undefined {
  const found = knownTails(metric, arms, reading);
  if (!found || found.skewness !== null || found.reach !== null) return found;
  return reading.isPlannedEnd && reading.isBalanced ? undefined : found;
}

/**
 * What of a metric's tails a plan can count on, by its mean before the start: as they are known at the planned end. For
 * ratios by history alone: how far a cap reaches there is a matter of the denominator's mean. Undefined where they need
 * not be known.
 */
export function plannedTails(
  metric: PlannedMetric,
  { value, isBalanced }: { value: number; isBalanced: boolean },
): Tails | undefined {
  const { kind } = metric.definition;
  if (kind === "conversion" || kind === "retention" || kind === "funnel" || kind === "quantile") return undefined;
  const isSum = kind === "count" || kind === "sum";
  const cap = absoluteCapOf(metric.definition).y;
  const skewness = skewnessOf(metric, value, 1);
  if (skewness === null && cap === null) return isBalanced ? undefined : { skewness: null, reach: null };
  return isSum || skewness !== null ? { skewness, reach: isSum ? cap : null } : undefined;
}

/** All arms have the same share, so that skewness cancels in their difference. */
export function hasEqualArms(plan: Pick<AnalysisInputs["plan"], "arms">): boolean {
  const weights = weightsOf(plan).filter((weight) => weight > 0);
  // 33,334 and 33,333 parts are alike.
  return Math.min(...weights) > 0.99;
}
