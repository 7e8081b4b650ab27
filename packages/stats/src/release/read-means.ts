import { logSequenceP, type Sequence, sequenceMultiplier } from "../inference/formulas/confidence-sequence.ts";
import { areTailsBorne, type Tails } from "../inference/tails.ts";
import type { Moments } from "../moments/moments.ts";
import type { TwoArms } from "./failures.ts";
import { checkLevel } from "./ratios.ts";
import type { GuardState } from "./read-failures.ts";

/** A metric's values of each arm while one share was in force, one value a unit. */
export interface MeanStep {
  treated: Moments;
  control: Moments;
}

export interface MeanGuard {
  /** Which way is good. */
  direction: "increase" | "decrease";
  /** Harm that is tolerated, in the metric's own unit; 0 or more. */
  margin: number;
  /** The guard's own error level: see `alphaOfEach`. */
  alpha: number;
  /** Units of each arm before a normal approximation is believed. Default 500. */
  minimumUnits?: number;
  /** Units of both arms, of equal size, at which the interval is tightest; fixed before the start. Default 10,000. */
  plannedUnits?: number;
  /** How far single values reach, if that is known: then the guard waits until both arms bear it. */
  tails?: Tails;
}

export interface MeanReading {
  state: GuardState;
  /**
   * Why nothing is said: `no_units`, `no_treated`, `no_control`, `too_few_units` (fewer than the minimum in an arm),
   * `too_skewed` (by the tails that are known, or while nothing is known of them), `no_spread` (all values are alike).
   */
  reason: "no_units" | "no_treated" | "no_control" | "too_few_units" | "too_skewed" | "no_spread" | null;
  /** Mean of the treated less that of the control, in the metric's own unit; null where there is none. */
  effect: number | null;
  /** Bounds of the effect, each at alpha, at every look at once. */
  low: number | null;
  high: number | null;
  /** Effect that is tolerated: the margin, with the sign of harm. */
  limit: number;
  /** -log of the always-valid p of "harm is within the margin", and at how much the guard is breached. */
  logEvidence: number | null;
  neededEvidence: number;
  units: TwoArms;
}

const MINIMUM = 500;
const PLANNED = 10_000;

/** The difference of means over steps, and its clock. */
interface Difference {
  effect: number;
  error: number;
  /** Units of two equal arms that tell as much. */
  units: number;
}

/**
 * Differences within steps, weighted by n_t n_c / (n_t + n_c): what time does to both arms (a busy hour) is not taken for
 * an effect, though most treated units come late and most of the control early. Times their weights they have increments
 * that do not depend on each other, so that their sum is read by a sequence whose clock is the sum of the weights.
 */
function differenceOf(steps: readonly MeanStep[]): Difference | null {
  let [weights, sum, variance] = [0, 0, 0];
  for (const { treated, control } of steps) {
    if (treated.n < 2 || control.n < 2) continue;
    const weight = (treated.n / (treated.n + control.n)) * control.n;
    weights += weight;
    sum += weight * (treated.mean - control.mean);
    variance += weight * weight * (meanVariance(treated) + meanVariance(control));
  }
  if (weights === 0) return null;
  return { effect: sum / weights, error: Math.sqrt(variance) / weights, units: 4 * weights };
}

function meanVariance({ n, m2 }: Moments): number {
  return m2 / (n - 1) / n;
}

/** Deviation of one unit's value within steps and arms. */
function deviationOf(steps: readonly MeanStep[]): number {
  const arms = steps.flatMap(({ treated, control }) => [treated, control]).filter(({ n }) => n > 1);
  const freedom = arms.reduce((sum, { n }) => sum + n - 1, 0);
  return Math.sqrt(arms.reduce((sum, { m2 }) => sum + m2, 0) / freedom);
}

/**
 * What a guard of a mean says (latency in milliseconds, revenue a unit): breached where the bound shows harm beyond the
 * margin, cleared where it excludes such harm. By the asymptotic confidence sequence of Waudby-Smith et al. (arXiv
 * 2103.06476), one-sided at each end. Steps are disjoint groups of units: a unit belongs to the step in which it came
 * first. Throws RangeError for a margin below 0 or no error level: a caller's bug.
 */
export function readMeans(steps: readonly MeanStep[], guard: MeanGuard): MeanReading {
  const { direction, margin, alpha, minimumUnits = MINIMUM, plannedUnits = PLANNED, tails } = guard;
  checkLevel(alpha);
  if (!(margin >= 0 && Number.isFinite(margin))) throw new RangeError(`margin must be 0 or more, not ${margin}.`);
  if (!(plannedUnits >= 1)) throw new RangeError(`plannedUnits must be a number of units, not ${plannedUnits}.`);
  const harm = direction === "decrease" ? 1 : -1;
  const units = {
    treated: steps.reduce((sum, { treated }) => sum + treated.n, 0),
    control: steps.reduce((sum, { control }) => sum + control.n, 0),
  };
  const common = { limit: margin === 0 ? 0 : harm * margin, neededEvidence: -Math.log(alpha), units };
  const difference = differenceOf(steps);
  const unknown = (reason: MeanReading["reason"], effect: number | null): MeanReading => {
    return { state: "unknown", reason, effect, low: null, high: null, logEvidence: null, ...common };
  };
  const lack = whatLacks(units, minimumUnits);
  if (lack || !difference) return unknown(lack ?? "too_few_units", difference?.effect ?? null);
  const { effect, error } = difference;
  if (![effect, error].every(Number.isFinite) || error === 0) return unknown("no_spread", effect);
  const sequence: Sequence = { alpha, plannedUnits, sides: "one" };
  const critical = sequenceMultiplier(difference.units, sequence, alpha);
  const arms = { control: units.control, treatment: units.treated, deviation: deviationOf(steps) };
  if (tails && !areTailsBorne(tails, arms, critical, "sequence")) return unknown("too_skewed", effect);
  const [low, high] = [effect - critical * error, effect + critical * error];
  const [least, most] = harm === 1 ? [low, high] : [-high, -low];
  const z = (harm * effect - margin) / error;
  const logEvidence = Math.max(0, -logSequenceP(z, difference.units, sequence));
  const state = least > margin ? "breached" : most < margin ? "cleared" : "undecided";
  return { state, reason: null, effect, low, high, logEvidence, ...common };
}

function whatLacks({ treated, control }: TwoArms, minimum: number): MeanReading["reason"] {
  if (treated + control === 0) return "no_units";
  if (treated === 0) return "no_treated";
  if (control === 0) return "no_control";
  return Math.min(treated, control) < minimum ? "too_few_units" : null;
}
