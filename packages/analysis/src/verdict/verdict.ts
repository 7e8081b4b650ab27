import { type Comparison, decide, type HealthProblem, type TreatmentFacts } from "@telltale/stats";
import type { Reading } from "../looks/reading.ts";
import { sum, unitsOf, weightsOf } from "../plan/arms.ts";
import type { HealthCheck, Verdict } from "../result/analysis.ts";
import type { AnalysisInputs } from "../result/snapshot.ts";
import type { Case } from "./case.ts";
import { reasonSentence } from "./reasons.ts";
import { verdictSentence } from "./sentence.ts";
import { wouldChangeSentence } from "./would-change.ts";

function treatmentsOf({ plan }: AnalysisInputs, { metrics, isReadable }: Reading): TreatmentFacts<Comparison>[] {
  return plan.arms.slice(1).map((_, treatment) => {
    const own = plan.metrics.flatMap((metric, index) => {
      const reading = metrics[index];
      // Before the first look the present tells only whether there is anything to wait for: it decides nothing.
      const comparison = (isReadable || metric.role === "guardrail" ? reading?.results : reading?.now.comparisons)?.[
        treatment
      ];
      return comparison ? [{ metric, comparison }] : [];
    });
    return {
      primary: own
        .filter(({ metric }) => metric.role === "primary")
        .map(({ metric, comparison }) => ({ comparison, smallestEffect: metric.minimumEffect })),
      guardrails: own
        .filter(({ metric }) => metric.role === "guardrail")
        .map(({ metric, comparison }) => ({ comparison, margin: metric.margin, direction: metric.direction })),
    };
  });
}

function factsOf(
  inputs: AnalysisInputs,
  reading: Reading,
  health: HealthCheck[],
  perDay: number | null,
): Case["facts"] {
  const { plan, moments, status } = inputs;
  const units = unitsOf(plan, moments.variants);
  const weights = weightsOf(plan);
  const open = units.filter((_, arm) => (weights[arm] ?? 0) > 0);
  const problems = health.filter(({ state }) => state === "alarm").map(({ check }): HealthProblem => check);
  return {
    health: [...new Set(problems)],
    units: { smallestArm: Math.min(...open), minimum: plan.settings.minimumUnits },
    readable: reading.isReadable,
    ended: reading.isFinal,
    progress: { units: sum(units), planned: plan.plannedUnits, perDay: status === "ended" ? null : perDay },
    treatments: treatmentsOf(inputs, reading),
  };
}

/** The verdict by the plan's rule, in words. `reading` is the plan's. */
export function verdictOf(
  inputs: AnalysisInputs,
  reading: Reading,
  health: HealthCheck[],
  perDay: number | null,
): Verdict {
  const facts = factsOf(inputs, reading, health, perDay);
  const found = decide(facts);
  const own: Case = { inputs, reading, health, facts, found };
  return {
    code: found.code,
    variant: found.treatment === null ? null : (inputs.plan.arms[found.treatment + 1]?.variant ?? null),
    sentence: verdictSentence(own),
    reasons: found.reasons.flatMap((reason) => reasonSentence(own, reason)),
    wouldChange: found.wouldChange.flatMap((reason) => wouldChangeSentence(own, reason)),
    daysLeft: found.daysLeft,
  };
}
