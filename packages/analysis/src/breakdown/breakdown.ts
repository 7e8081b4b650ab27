import { analyseMetrics, splitCheck } from "@telltale/stats";
import { methodsOf } from "../looks/methods.ts";
import { inputsOf } from "../looks/reading.ts";
import { metricResult } from "../moments/metric-result.ts";
import { momentsOf, unitsOf, weightsOf } from "../plan/arms.ts";
import type { StatisticalSettings } from "../plan/settings.ts";
import type { Analysis } from "../result/analysis.ts";
import type { AnalysisInputs } from "../result/snapshot.ts";

/**
 * Results by an attribute's values: each as if it were an experiment of its own, at one look (`sequence` stays valid at
 * any time, `group` is read as `fixed`), corrected over metrics and not over values. To look for where an effect comes
 * from, not to decide by.
 */
export function breakdownOf(inputs: AnalysisInputs, settings: StatisticalSettings): Analysis["breakdown"] {
  const { plan, moments, breakdown: attribute } = inputs;
  if (attribute === null || !moments.breakdown) return null;
  const methods = methodsOf(plan, settings);
  const method = settings.method === "sequence" ? methods.sequence : methods.fixed;
  const values = moments.breakdown.map(({ value, variants }) => {
    const units = unitsOf(plan, variants);
    const read = inputsOf(plan, variants, settings);
    const found = analyseMetrics(read, method);
    return {
      value,
      arms: plan.arms.map(({ variant }, index) => ({ variant, units: units[index] ?? 0 })),
      split: splitCheck(units, weightsOf(plan)),
      metrics: plan.metrics.flatMap((metric, index) => {
        const [input, now] = [read[index], found[index]];
        if (!input || !now) return [];
        const own = { input, now, results: now.comparisons };
        const shown = metricResult(plan, metric, momentsOf(plan, variants, metric.key), own, moments.caps);
        return [{ key: shown.key, arms: shown.arms, comparisons: shown.comparisons }];
      }),
    };
  });
  return { attribute, values };
}
