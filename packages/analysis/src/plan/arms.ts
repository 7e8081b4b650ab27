import type { ExperimentMoments, MetricMoments, VariantMoments } from "@telltale/events";
import type { AnalysisInputs } from "../result/snapshot.ts";
import type { AnalysisPlan } from "./plan.ts";

/** A count as it can be; anything else counts as none, so that no broken number leaves this package. */
export function countOf(value: number | undefined): number {
  return value !== undefined && value > 0 ? Math.min(value, Number.MAX_SAFE_INTEGER) : 0;
}

/** Weights of the arms, the largest being 1; all alike where the plan gives none. */
export function weightsOf({ arms }: Pick<AnalysisPlan, "arms">): number[] {
  const parts = arms.map((arm) => Math.max(0, arm.parts));
  const most = Math.max(...parts);
  return parts.map((own) => (most > 0 ? own / most : 1));
}

/** By arm, in the plan's order: whether it has a share of the traffic. */
export function openArms(plan: AnalysisPlan): boolean[] {
  return weightsOf(plan).map((weight) => weight > 0);
}

/** Counted units by arm, in the plan's order. */
export function countUnitsByArm({ arms }: AnalysisPlan, variants: readonly VariantMoments[]): number[] {
  return arms.map(({ variant }) => countOf(variants.find((row) => row.variant === variant)?.units));
}

/** A metric's moments by arm, in the plan's order; undefined where the store had none. */
export function momentsByArm(
  { arms }: AnalysisPlan,
  variants: readonly VariantMoments[],
  key: string,
): (MetricMoments | undefined)[] {
  return arms.map(({ variant }) => variants.find((row) => row.variant === variant)?.metrics[key]);
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, own) => total + own, 0);
}

/** Units of all arms, and those that are in none of them because they saw several variants. */
export function peopleOf(plan: AnalysisPlan, moments: ExperimentMoments): { people: number; several: number } {
  return { people: sum(countUnitsByArm(plan, moments.variants)), several: countOf(moments.severalVariants) };
}

/** Whether the planned units are in, or the experiment has ended: what is decided once is decided there. */
export function isPlannedEnd({ plan, moments, status }: Pick<AnalysisInputs, "plan" | "moments" | "status">): boolean {
  return status === "ended" || (plan.plannedUnits !== null && peopleOf(plan, moments).people >= plan.plannedUnits);
}
