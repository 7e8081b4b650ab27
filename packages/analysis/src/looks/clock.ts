import { type Clock, type MetricArms, unitVariancesOf } from "@telltale/stats";
import { armsOfSums } from "../moments/arms-of-sums.ts";
import { openArms } from "../plan/arms.ts";
import type { AnalysisPlan, PlannedMetric } from "../plan/plan.ts";
import type { AnalysisInputs } from "../result/snapshot.ts";
import type { Totals } from "../series/cumulate.ts";

/** By metric key, then treatment: the variance of one unit when information was first counted; null while unknown. */
export type ClockReference = Record<string, (number | null)[]>;

/**
 * Whether a unit's value is final when the unit is counted: retention counts a unit once its days are over. Anything else
 * grows while the unit gets older.
 */
export function isSettled({ definition }: Pick<PlannedMetric, "definition">): boolean {
  return definition.kind === "retention";
}

/** Every treatment that has a share of the traffic has a spread. */
function isKnown(variances: readonly (number | null)[], isOpen: readonly boolean[]): boolean {
  return variances.every((own, treatment) => !isOpen[treatment + 1] || (own !== null && own > 0));
}

/** Unit variances at the first step at which every arm has the least units that anything is said of. */
function firstVariances(
  plan: AnalysisPlan,
  metric: number,
  now: MetricArms,
  totals: readonly Totals[],
): (number | null)[] | null {
  const planned = plan.metrics[metric];
  const isConversion = planned?.definition.kind === "conversion";
  const isOpen = openArms(plan);
  for (const { units, metrics } of totals) {
    if (units.some((own, arm) => isOpen[arm] && own < plan.settings.minimumUnits)) continue;
    const arms = armsOfSums(now.kind, isConversion, metrics[metric] ?? []);
    const variances = arms && unitVariancesOf(arms);
    if (variances && isKnown(variances, isOpen)) return variances;
  }
  return null;
}

/**
 * The reference that a sequence's clock counts from: what an earlier run had found stays, so that it does not move along
 * with the data; what it did not know yet is taken from the first step that tells it.
 */
export function clockReference(
  { plan, reference = {} }: Pick<AnalysisInputs, "plan" | "reference">,
  now: readonly MetricArms[],
  totals: readonly Totals[],
): ClockReference {
  const entries = plan.metrics.map((metric, index) => {
    const before = reference[metric.key];
    const input = now[index];
    const isKept = before?.length === plan.arms.length - 1 && isKnown(before, openArms(plan));
    const found = isKept ? before : input && !isSettled(metric) ? firstVariances(plan, index, input, totals) : null;
    return [metric.key, found ?? plan.arms.slice(1).map(() => null)] as const;
  });
  return Object.fromEntries(entries);
}

const HOUR = 3_600_000;

/**
 * A quantile's information beside its units. Of events: as many values as there are, weighed by how alike those of a unit
 * are. Of units' totals, which have no series: their order goes on changing while they are added to, taken to grow
 * with the time since the first hour (until the metric's window is over).
 */
function quantileClocks(
  { definition }: PlannedMetric,
  now: Extract<MetricArms, { kind: "quantile" }>,
  elapsed: number,
): (Clock | null)[] {
  const [control, ...treatments] = now.arms;
  if (definition.kind !== "quantile") return treatments.map(() => null);
  if (definition.per === "unit") {
    const until = Math.min(elapsed, (definition.windowSeconds ?? Number.POSITIVE_INFINITY) * 1_000);
    return treatments.map(() => ({ growth: Math.max(1, until / HOUR) }));
  }
  const perUnit = (arm: (typeof now.arms)[number] | undefined) => {
    const units = arm?.inside?.n ?? 0;
    return units > 0 ? (arm?.n ?? 0) / units : 1;
  };
  return treatments.map((treatment) => ({ growth: Math.max(1, (perUnit(control) + perUnit(treatment)) / 2) }));
}

/** A metric's clock, by treatment; undefined where units are the clock. */
export function clockOf(
  inputs: Pick<AnalysisInputs, "window" | "moments">,
  metric: PlannedMetric,
  now: MetricArms,
  reference: ClockReference,
): (Clock | null)[] | undefined {
  if (isSettled(metric)) return undefined;
  if (now.kind === "quantile") {
    const elapsed = Date.parse(inputs.window.to) - Date.parse(inputs.moments.firstExposure ?? inputs.window.to);
    return quantileClocks(metric, now, elapsed);
  }
  return (reference[metric.key] ?? []).map((unitVariance) => (unitVariance === null ? null : { unitVariance }));
}
