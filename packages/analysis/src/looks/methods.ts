import type { AnalysisSettings } from "@telltale/stats";
import { sum, weightsOf } from "../plan/arms.ts";
import type { AnalysisPlan } from "../plan/plan.ts";
import type { StatisticalSettings } from "../plan/settings.ts";

/** Sequences without a planned size are tightest here. */
const DEFAULT_UNITS = 10_000;

/**
 * Units of both arms at which sequences are tightest: the planned units of all arms times the mean share that a
 * treatment and the control have of them. One size for all comparisons, which the statistics take one of; with two arms
 * it is the planned units themselves.
 */
export function pairUnits(plan: AnalysisPlan): number {
  if (plan.plannedUnits === null) return DEFAULT_UNITS;
  const [control = 0, ...treatments] = weightsOf(plan);
  const all = control + sum(treatments);
  const share = sum(treatments.map((treatment) => (control + treatment) / all)) / treatments.length;
  return Math.max(2, plan.plannedUnits * share);
}

/** What the statistics are asked with: at any time, once, and plainly (for a chart: not corrected, no prior). */
export interface Methods {
  sequence: AnalysisSettings;
  fixed: AnalysisSettings;
  plain: AnalysisSettings;
}

/** The settings as the statistics take them. Guardrails are watched by a sequence of the same size in all of them. */
export function methodsOf(plan: AnalysisPlan, { alpha, sides, correct, prior }: StatisticalSettings): Methods {
  const size = pairUnits(plan);
  const guardrails = plan.metrics.filter(({ role }) => role === "guardrail").length;
  const guardrailTests = Math.max(1, guardrails * (plan.arms.length - 1));
  const own = { alpha, sides, correct, prior, guardrailUnits: size, guardrailTests };
  return {
    sequence: { ...own, method: { kind: "sequence", plannedUnits: size } },
    fixed: { ...own, method: { kind: "fixed" } },
    plain: { alpha, sides, correct: false, guardrailUnits: size, method: { kind: "fixed" } },
  };
}
