import { countUnitsByArm, sum, weightsOf } from "../plan/arms.ts";
import type { AnalysisPlan } from "../plan/plan.ts";
import type { HealthCheck } from "../result/analysis.ts";
import type { AnalysisInputs } from "../result/snapshot.ts";

/** What all checks look at. */
export interface HealthFacts {
  inputs: AnalysisInputs;
  plan: AnalysisPlan;
  /** Counted units and weights by arm. */
  units: number[];
  weights: number[];
  people: number;
  /** Units enough for anything to be said. */
  isEnough: boolean;
  isRunning: boolean;
  /** Milliseconds of `window.to`. */
  to: number;
}

export const HOUR = 3_600_000;

export function factsOf(inputs: AnalysisInputs): HealthFacts {
  const { plan, moments, status, window } = inputs;
  const units = countUnitsByArm(plan, moments.variants);
  const people = sum(units);
  return {
    inputs,
    plan,
    units,
    weights: weightsOf(plan),
    people,
    isEnough: people >= plan.settings.minimumUnits,
    isRunning: status === "running",
    to: Date.parse(window.to),
  };
}

/** A finding; about the whole experiment and without a p unless it says so. */
export function finding(
  check: HealthCheck["check"],
  state: HealthCheck["state"],
  sentence: string,
  more: Partial<Pick<HealthCheck, "metric" | "p">> = {},
): HealthCheck {
  return { check, state, sentence, metric: null, p: null, ...more };
}
