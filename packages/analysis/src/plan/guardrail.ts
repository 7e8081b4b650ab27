import type { Comparison, GuardrailFacts } from "@telltale/stats";
import type { AnalysisPlan, PlannedMetric } from "./plan.ts";

/** By metric key: the variants from which none of its events came, although they were due. */
export type MissingRows = Readonly<Record<string, readonly string[]>>;

/** A guardrail in one treatment, by the rule that the plan froze. */
export function guardrailFacts(
  { guardrails, arms }: Pick<AnalysisPlan, "guardrails" | "arms">,
  { key, margin, absoluteMargin, direction }: PlannedMetric,
  { comparison, variant }: { comparison: Comparison; variant: string },
  missing: MissingRows,
): GuardrailFacts<Comparison> {
  const own = [arms[0]?.variant, variant];
  return {
    comparison,
    margin,
    absoluteMargin,
    direction,
    needs: guardrails === "shown" ? "shown" : "no_harm",
    isReceived: !missing[key]?.some((from) => own.includes(from)),
    isSilent: comparison.control.value === 0 && comparison.treatment.value === 0,
  };
}
