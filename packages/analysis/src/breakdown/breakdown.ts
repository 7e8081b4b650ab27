import { analyseMetrics, splitCheck } from "@telltale/stats";
import { judgeSplit } from "../health/split.ts";
import { methodsOf } from "../looks/methods.ts";
import { metricInputsOf } from "../looks/reading.ts";
import { metricResult } from "../moments/metric-result.ts";
import { countUnitsByArm, momentsByArm, weightsOf } from "../plan/arms.ts";
import type { StatisticalSettings } from "../plan/settings.ts";
import type { Analysis } from "../result/analysis.ts";
import type { AnalysisInputs } from "../result/snapshot.ts";

/**
 * Results by an attribute's values: each as if it were an experiment of its own. Whatever the plan's method is, they are
 * read by a sequence, as they are looked at at any time, and at alpha divided by the number of values, as one of many is
 * always the most extreme. To look for where an effect comes from, not to decide by.
 */
export function breakdownOf(inputs: AnalysisInputs, settings: StatisticalSettings): Analysis["breakdown"] {
  const { plan, moments, breakdown: attribute } = inputs;
  if (attribute === null || !moments.breakdown) return null;
  const share = 1 / Math.max(1, moments.breakdown.length);
  const method = methodsOf(plan, { ...settings, alpha: settings.alpha * share }).sequence;
  const values = moments.breakdown.map(({ value, variants }) => {
    const units = countUnitsByArm(plan, variants);
    const read = metricInputsOf(inputs, variants, settings);
    const found = analyseMetrics(read, method);
    const { p, chi2, expected } = splitCheck(units, weightsOf(plan));
    return {
      value,
      arms: plan.arms.map(({ variant }, index) => ({ variant, units: units[index] ?? 0 })),
      split: { ...judgeSplit([units], weightsOf(plan), SPLIT_ALARM * share), p, chi2, expected },
      metrics: plan.metrics.flatMap((metric, index) => {
        const [input, now] = [read[index], found[index]];
        if (!input || !now) return [];
        const own = { input, now, results: now.comparisons, look: input };
        const how = { caps: moments.caps, missing: {} };
        const shown = metricResult(plan, metric, momentsByArm(plan, variants, metric.key), own, how);
        return [{ key: shown.key, arms: shown.arms, comparisons: shown.comparisons }];
      }),
    };
  });
  return { attribute, values };
}

const SPLIT_ALARM = 0.001;
