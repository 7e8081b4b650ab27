import { type Baseline, baselineOf, detectableEffect, type Plan, powerOf } from "@telltale/stats";
import { pairUnits } from "../looks/methods.ts";
import type { MetricReading } from "../looks/reading.ts";
import { sum, weightsOf } from "../plan/arms.ts";
import type { AnalysisPlan, PlannedMetric } from "../plan/plan.ts";
import type { StatisticalSettings } from "../plan/settings.ts";

/** Tests that share alpha with one of this role. */
function comparisonsOf({ metrics, arms }: AnalysisPlan, role: PlannedMetric["role"], correct: boolean): number {
  if (!correct || role === "guardrail") return 1;
  return metrics.filter((metric) => metric.role === role).length * (arms.length - 1);
}

/** The plan of one metric by the smallest treatment, the hardest to tell from the control. */
function planOf(
  plan: AnalysisPlan,
  metric: PlannedMetric,
  baseline: Baseline,
  { method, alpha, sides, correct }: StatisticalSettings,
  tails: Plan["tails"],
): Plan | null {
  const [control = 0, ...treatments] = weightsOf(plan);
  const treatment = Math.min(...treatments);
  if (!(control > 0 && treatment > 0)) return null;
  const isSequence = method === "sequence" || metric.role === "guardrail";
  return {
    baseline,
    method: isSequence ? { kind: "sequence", plannedUnits: pairUnits(plan) } : { kind: "fixed" },
    alpha,
    sides: metric.role === "primary" ? sides : "two",
    shares: { control, treatment, all: control + sum(treatments) },
    comparisons: comparisonsOf(plan, metric.role, correct),
    tails,
  };
}

/**
 * What the units there are can find: the chance to find the smallest effect that matters, and the size of the smallest
 * lift found with the planned power, by the control's mean and spread (after CUPED). A group sequential plan is taken as one test
 * at its end, which a few percent of its units are off; a guardrail's sequence as two-sided.
 */
export function powerAtPresent(
  plan: AnalysisPlan,
  metric: PlannedMetric,
  { input, now }: MetricReading,
  settings: StatisticalSettings,
): { power: number | null; detectableLift: number | null } {
  const none = { power: null, detectableLift: null };
  const baseline = baselineOf(input);
  const own = baseline && planOf(plan, metric, baseline, settings, input.tails);
  if (!own) return none;
  const units = (now.comparisons[0]?.control.n ?? 0) + sum(now.comparisons.map(({ treatment }) => treatment.n));
  const sign = metric.direction === "increase" ? 1 : -1;
  const effect = detectableEffect(own, units, { power: settings.power, sign });
  const lift = effect.state === "ok" ? effect.lift : null;
  return {
    power: metric.minimumEffect === null ? null : powerOf(own, { lift: sign * metric.minimumEffect }, units),
    detectableLift: lift?.state === "ok" ? Math.abs(lift.value) : null,
  };
}
