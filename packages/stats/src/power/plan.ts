import { normalCdf, normalQuantile } from "../distributions/normal.ts";
import { sequenceMultiplier } from "../inference/formulas/confidence-sequence.ts";
import { groupBoundaries, stoppingProbabilities } from "../inference/formulas/group-sequential.ts";
import type { Sides } from "../inference/method.ts";
import { areTailsBorne, type Tails } from "../inference/tails.ts";
import type { Baseline } from "./spread.ts";

/**
 * How the experiment will be read: once at the end, by a sequence whose `plannedUnits` (both arms; the size itself when
 * left out) were fixed, or at the looks of a group sequential plan that ends with the last fraction 1.
 */
export type PlannedMethod =
  | { kind: "fixed" }
  | { kind: "sequence"; plannedUnits?: number }
  | { kind: "group"; fractions: readonly number[] };

export interface Plan {
  baseline: Baseline;
  method: PlannedMethod;
  /** Error level of the family, two-sided unless `sides` is `one`. */
  alpha: number;
  /** `one`: only the effect's own direction is tested, with all of alpha. Default `two`. */
  sides?: Sides;
  /** Weights of the control and of the treatment that is compared, and of all arms together. */
  shares: { control: number; treatment: number; all: number };
  /** Comparisons that share alpha (primary metrics times treatments); each gets alpha / comparisons. Default 1. */
  comparisons?: number;
  /** Correlation of the metric with what it was before, when CUPED will be used: variance times 1 - rho^2. */
  correlation?: number;
  /** What is known of how far single values reach: below the units that bear it nothing is found. Left out: not checked. */
  tails?: Tails | undefined;
}

/** Throws RangeError for a plan that only a bug can make. */
export function checkPlan({ alpha, shares, comparisons = 1, correlation = 0, baseline, method, tails }: Plan): void {
  const { control, treatment, all } = shares;
  const sound =
    alpha >= 1e-9 &&
    alpha < 1 &&
    control > 0 &&
    treatment > 0 &&
    all >= (control + treatment) * (1 - 1e-9) &&
    Number.isFinite(all) &&
    Number.isSafeInteger(comparisons) &&
    comparisons >= 1 &&
    Math.abs(correlation) <= 1 &&
    Number.isFinite(baseline.value) &&
    baseline.unitVariance >= 0 &&
    Number.isFinite(baseline.unitVariance) &&
    (!baseline.isRate || (baseline.value >= 0 && baseline.value <= 1)) &&
    (tails?.skewness ?? 0) >= 0 &&
    (tails?.reach ?? 0) >= 0;
  const planned = method.kind === "sequence" ? (method.plannedUnits ?? 1) : 1;
  if (!(planned >= 1 && planned <= Number.MAX_SAFE_INTEGER)) throw new RangeError("plannedUnits must be 1 or more.");
  if (!sound) throw new RangeError("A plan needs 0 < alpha < 1, positive shares within all, and a possible baseline.");
}

/** Variance of the difference times the units of both arms, for a true difference `delta`; null for a rate beyond [0, 1]. */
export function differenceVariance({ baseline, shares, correlation = 0 }: Plan, delta: number): number | null {
  const { value, unitVariance, isRate } = baseline;
  const rate = value + delta;
  if (isRate && !(rate >= 0 && rate <= 1)) return null;
  // CUPED's share of a rate's variance stays what it was.
  const kept = isRate && value * (1 - value) > 0 ? unitVariance / (value * (1 - value)) : 1;
  const treated = isRate ? kept * rate * (1 - rate) : unitVariance;
  const both = shares.control + shares.treatment;
  return (
    (1 - correlation * correlation) * (unitVariance * (both / shares.control) + treated * (both / shares.treatment))
  );
}

/** Chance to find a difference that is `z` standard errors large at the end, with n units in both arms together. */
export function powerAt(plan: Plan, z: number, n: number): number {
  if (!isBorne(plan, n)) return 0;
  const alpha = plan.alpha / (plan.comparisons ?? 1);
  const isOneSided = plan.sides === "one";
  if (plan.method.kind === "group") {
    const { fractions } = plan.method;
    const limits = groupBoundaries(fractions, isOneSided ? Math.min(2 * alpha, MOST_ALPHA) : alpha);
    return stoppingProbabilities(fractions, limits, Math.min(60, Math.abs(z))).at(-1) ?? 0;
  }
  const critical = criticalAt(plan, alpha, n);
  return Math.min(1, normalCdf(Math.abs(z) - critical) + (isOneSided ? 0 : normalCdf(-Math.abs(z) - critical)));
}

/** Do n units of both arms bear the values' tails at the last look? */
function isBorne(plan: Plan, n: number): boolean {
  const { tails, method, shares, baseline, correlation = 0, sides } = plan;
  if (!tails) return true;
  const deviation = Math.sqrt((1 - correlation * correlation) * baseline.unitVariance);
  const each = n / (shares.control + shares.treatment);
  const arms = { control: each * shares.control, treatment: each * shares.treatment, deviation };
  const kind = sides === "one" && method.kind !== "sequence" ? "oneSided" : method.kind;
  return areTailsBorne(tails, arms, criticalAt(plan, plan.alpha / (plan.comparisons ?? 1), n), kind);
}

/** Whether no number of units ever tolerates the tails: nothing is known of them. */
export function isNeverRead({ tails }: Pick<Plan, "tails">): boolean {
  return tails !== undefined && tails.skewness === null && tails.reach === null;
}

const MOST_ALPHA = 0.999;

/** What the last look asks for, in standard errors. */
function criticalAt({ method, alpha, sides = "two" }: Plan, level: number, n: number): number {
  if (method.kind === "group") {
    return groupBoundaries(method.fractions, sides === "two" ? level : Math.min(2 * level, MOST_ALPHA)).at(-1) ?? 0;
  }
  if (method.kind !== "sequence") {
    return sides === "two" ? normalQuantile(level) : normalQuantile(Math.min(2 * level, MOST_ALPHA));
  }
  // The sequence is tuned to the family's level; the correction only changes the level it is read at.
  return sequenceMultiplier(n, { alpha, plannedUnits: method.plannedUnits ?? n, sides }, level);
}
