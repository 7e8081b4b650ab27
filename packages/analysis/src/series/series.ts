import type { Comparison } from "@telltale/stats";
import type { AnalysisReading } from "../looks/reading.ts";
import { valueOfSums } from "../moments/arms-of-sums.ts";
import type { AnalysisPlan } from "../plan/plan.ts";
import type { Analysis } from "../result/analysis.ts";

type Point = Analysis["series"][number];

function rangeOf(effect: Comparison["lift"] | undefined): Point["lift"] {
  switch (effect?.state) {
    case "bounded":
    case "one_sided":
      return { estimate: effect.estimate, low: effect.low, high: effect.high };
    case "unbounded":
      return { estimate: effect.estimate, low: null, high: null };
    case "unknown":
      return effect.estimate === null ? null : { estimate: effect.estimate, low: null, high: null };
    default:
      return null;
  }
}

/** A chart's points of one metric: every arm at the end of every step. */
function metricSeries(plan: AnalysisPlan, { totals, metrics, steps }: AnalysisReading, metric: number): Point[] {
  const key = plan.metrics[metric]?.key ?? "";
  const kind = metrics[metric]?.input.kind ?? "quantile";
  if (kind === "quantile") return [];
  return totals.flatMap(({ at, units, metrics: sums }, step) => {
    const found = steps[step]?.[metric];
    return plan.arms.map(({ variant }, arm): Point => {
      const pair = found?.[Math.max(0, arm - 1)];
      const value = (arm === 0 ? pair?.control : pair?.treatment)?.value;
      return {
        at,
        variant,
        metric: key,
        units: units[arm] ?? 0,
        value: value ?? valueOfSums(kind, sums[metric]?.[arm]),
        lift: arm === 0 ? null : rangeOf(pair?.lift),
        difference: arm === 0 ? null : rangeOf(pair?.difference),
      };
    });
  });
}

/**
 * Everything cumulative, by metric, step and arm. Where a step's sums do not give the metric's estimator (see
 * `armsOfSums`) its plain value is told and no lift. Without metrics only units are told.
 */
export function seriesOf(plan: AnalysisPlan, reading: AnalysisReading): Point[] {
  if (plan.metrics.length > 0) return plan.metrics.flatMap((_, metric) => metricSeries(plan, reading, metric));
  return reading.totals.flatMap(({ at, units }) =>
    plan.arms.map(({ variant }, arm) => ({
      at,
      variant,
      metric: null,
      units: units[arm] ?? 0,
      value: null,
      lift: null,
    })),
  );
}
