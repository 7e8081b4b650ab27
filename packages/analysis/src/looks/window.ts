import type { AnalysisPlan, PlannedMetric } from "../plan/plan.ts";

const DAY = 86_400_000;

/** Milliseconds from a unit's exposure until its value is final; 0 where the metric has no window of its own. */
function untilFinal({ definition }: PlannedMetric): number {
  if (definition.kind === "retention") return (definition.toDay + 1) * DAY;
  return (definition.windowSeconds ?? 0) * 1_000;
}

/** Milliseconds that a fixed plan waits after its planned units are in: the longest window of its metrics. */
export function windowOf({ metrics }: Pick<AnalysisPlan, "metrics">): number {
  return Math.max(0, ...metrics.map(untilFinal));
}
