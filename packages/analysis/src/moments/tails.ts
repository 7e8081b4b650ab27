import type { MetricMoments } from "@telltale/events";
import { type Measured, type MetricArms, skewnessByBoth, type Tails } from "@telltale/stats";
import { isPlannedEnd, momentsByArm, weightsOf } from "../plan/arms.ts";
import { absoluteCapOf } from "../plan/cap.ts";
import type { PlannedMetric } from "../plan/plan.ts";
import type { AnalysisInputs } from "../result/snapshot.ts";

type OfKind<K extends MetricArms["kind"]> = Extract<MetricArms, { kind: K }>;

function total<T>(arms: readonly T[], of: (arm: T) => number): number {
  return arms.reduce((sum, arm) => sum + of(arm), 0);
}

/**
 * Skewness from history, as it is among the units of the experiment: with fewer units that have a value at all (a
 * smaller mean) values are rarer and reach further; what CUPED explains leaves the tail to less variance. The
 * experiment's own counts where it is larger.
 */
function skewnessOf({ history }: PlannedMetric, mean: number, left: number, own: Measured | null): number | null {
  if (!history || history.units === 0) return null;
  const rarer = mean !== 0 ? Math.max(1, Math.abs(history.value / mean)) : Number.POSITIVE_INFINITY;
  const known = { skewness: history.skewness * Math.sqrt(rarer), units: history.units * rarer };
  const found = skewnessByBoth(known, own) / left ** 1.5;
  return Number.isFinite(found) ? found : null;
}

/** Skewness of the units of all arms by a histogram of their values; null where there is none, or they are all alike. */
function ownSkewness(moments: readonly (MetricMoments | undefined)[]): Measured | null {
  const bars = moments.flatMap((arm) => (arm?.form === "mean" ? arm.histogram : []));
  const values = bars.map(({ from, to, units }) => ({ at: (from + to) / 2, units }));
  const units = total(values, (bar) => bar.units);
  const mean = total(values, (bar) => (bar.units / units) * bar.at);
  const moment = (power: number) => total(values, (bar) => (bar.units / units) * Math.abs(bar.at - mean) ** power);
  const skewness = moment(3) / moment(2) ** 1.5;
  return units > 0 && Number.isFinite(skewness) ? { skewness, units } : null;
}

/** A cap cuts from above only: what may also lie far below 0 is not bounded by it. */
function capOf(metric: PlannedMetric, { isNegative }: TailsReading) {
  return isNegative ? { y: null, x: null } : absoluteCapOf(metric.definition);
}

function meanTails(metric: PlannedMetric, { arms }: OfKind<"mean">, reading: TailsReading): Tails {
  const units = total(arms, ({ n }) => n);
  const mean = units > 0 ? total(arms, (arm) => (arm.n / units) * arm.mean) : 0;
  return { skewness: skewnessOf(metric, mean, 1, reading.own), reach: capOf(metric, reading).y };
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
    skewness: skewnessOf(metric, mean, left, reading.own),
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
  const reach = ratioReach(capOf(metric, reading), y / x, x / units);
  return {
    skewness: isAdjusted ? null : skewnessOf(metric, y / x, 1, null),
    reach: reach !== null && Number.isFinite(reach) ? reach * (isAdjusted ? 2 : 1) : null,
  };
}

/** How far one unit's `y - R x` reaches by the mean of x, by the caps of both; null where one of them has none. */
function ratioReach(cap: ReturnType<typeof absoluteCapOf>, ratio: number, denominator: number): number | null {
  return cap.y === null || cap.x === null ? null : Math.max(cap.y, Math.abs(ratio) * cap.x) / denominator;
}

/** What else the data say of how a metric's tails are to be known. */
export interface TailsReading {
  /** The planned units are in, or the experiment has ended. */
  isPlannedEnd: boolean;
  /** All arms have the same share, so that skewness cancels in their difference. */
  isBalanced: boolean;
  /** Values below 0 were seen. */
  isNegative: boolean;
  /** What these units' own values show; null where nobody counted them. */
  own: Measured | null;
}

/** How this metric's tails are to be known for the moments of these units: the present ones, or those of a look. */
export function tailsReadingOf(
  inputs: AnalysisInputs,
  { key }: PlannedMetric,
  variants: AnalysisInputs["moments"]["variants"],
): TailsReading {
  const moments = momentsByArm(inputs.plan, variants, key);
  return {
    isPlannedEnd: isPlannedEnd(inputs),
    isBalanced: hasEqualArms(inputs.plan),
    isNegative: hasNegative(moments),
    own: ownSkewness(moments),
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

/** A metric before the start. */
interface MetricPast {
  /** Its mean. */
  value: number;
  /** Of a ratio: its denominator's mean over units; null where that is not known. */
  denominator: number | null;
  isBalanced: boolean;
}

/**
 * What of a metric's tails a plan can count on: as they are known at the planned end. `uncounted` where the analysis will
 * know more than the plan: how far the caps of a ratio reach is a matter of its denominator's mean. Undefined where they
 * need not be known.
 */
export function plannedTails(
  metric: PlannedMetric,
  { value, denominator, isBalanced }: MetricPast,
): Tails | undefined | "uncounted" {
  const { kind } = metric.definition;
  if (kind === "conversion" || kind === "retention" || kind === "funnel" || kind === "quantile") return undefined;
  const cap = absoluteCapOf(metric.definition);
  const skewness = skewnessOf(metric, value, 1, null);
  const isSum = kind === "count" || kind === "sum";
  if (isSum && (skewness !== null || cap.y !== null)) return { skewness, reach: cap.y };
  const reach = isSum || denominator === null ? null : ratioReach(cap, value, denominator);
  if (skewness !== null || reach !== null) return { skewness, reach };
  // In the difference of arms that are alike skewness cancels.
  if (isBalanced) return undefined;
  return !isSum && cap.y !== null && cap.x !== null ? "uncounted" : { skewness: null, reach: null };
}

/** All arms have the same share, so that skewness cancels in their difference. */
export function hasEqualArms(plan: Pick<AnalysisInputs["plan"], "arms">): boolean {
  const weights = weightsOf(plan).filter((weight) => weight > 0);
  // 33,334 and 33,333 parts are alike.
  return Math.min(...weights) > 0.99;
}
