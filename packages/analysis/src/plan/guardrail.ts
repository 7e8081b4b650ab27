import type { Comparison, GuardrailFacts } from "@telltale/stats";
import type { HealthCheck } from "../result/analysis.ts";
import type { AnalysisPlan, PlannedMetric } from "./plan.ts";

/** A guardrail in one treatment, by the rule that the plan froze. */
export function guardrailFacts(
  { guardrails }: Pick<AnalysisPlan, "guardrails">,
  { key, margin, absoluteMargin, direction }: PlannedMetric,
  comparison: Comparison,
  health: readonly HealthCheck[],
): GuardrailFacts<Comparison> {
  const needs = guardrails === "shown" ? "shown" : "no_harm";
  return { comparison, margin, absoluteMargin, direction, needs, isReceived: !isMissing(key, health) };
}

/** Whether events of this metric should have come and did not. */
export function isMissing(key: string, health: readonly HealthCheck[]): boolean {
  return health.some(({ check, state, metric }) => check === "missing_rows" && state === "alarm" && metric === key);
}
