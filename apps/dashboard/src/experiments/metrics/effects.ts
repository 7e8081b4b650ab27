import { formatChange, formatMeasureChange } from "@telltale/ui";
import { type ChartInterval, sharedExtent, type WriteEffect } from "@telltale/ui/chart";
import type { Comparison, MetricResult } from "../../query/outputs.ts";
import type { ResultView } from "../reading/reading.ts";

type Lift = ResultView["lift"];

/** Of the smallest differences that a scale of a metric's own unit is made for. */
export const SMALLEST_DIFFERENCE = 1e-12;

/** The interval that a reading shows of a comparison: of the lift, or of the difference in the metric's unit. */
export function effectOf(comparison: Comparison, lift: Lift): ChartInterval {
  return lift === "relative" ? comparison.lift : comparison.difference;
}

/** How a reading writes effects of a metric. */
export function effectWriter({ format }: Pick<MetricResult, "format">, lift: Lift): WriteEffect {
  return lift === "relative" ? (effect) => formatChange(effect) : (effect) => formatMeasureChange(effect, format);
}

/** Half the scale of each metric, by key: lifts share one, differences have one a metric, as their units differ. */
export function extents(metrics: readonly MetricResult[], lift: Lift): Map<string, number> {
  const effects = ({ comparisons }: Pick<MetricResult, "comparisons">) =>
    comparisons.map(({ comparison }) => effectOf(comparison, lift));
  const all = sharedExtent(metrics.flatMap(effects));
  return new Map(
    metrics.map((metric) => [
      metric.key,
      lift === "relative" ? all : sharedExtent(effects(metric), SMALLEST_DIFFERENCE),
    ]),
  );
}

/** Smallest effect that matters, as a reading draws it; null where none was set or cannot be drawn. */
export function smallestEffect(metric: MetricResult, lift: Lift): number | null {
  const control = metric.arms[0]?.value ?? null;
  if (metric.minimumEffect === null || lift === "relative") return metric.minimumEffect;
  return control === null ? null : metric.minimumEffect * Math.abs(control);
}
