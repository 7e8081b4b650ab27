import { logChiSquareTail } from "../distributions/gamma.ts";
import { toP } from "../distributions/p-value.ts";

const ALARM_BELOW = 0.001;
const WARNING_BELOW = 0.01;
/** Smallest expected count at which the chi-square approximation holds. */
export const ENOUGH_EXPECTED = 5;

/**
 * - `alarm`: p < 0.001, or units in an arm of weight 0: do not trust the experiment's results
 * - `warning`: p < 0.01
 * - `too-few`: an arm's expected count is below 5, no p yet
 * - `one-arm`: fewer than two arms have weight, so that there is no split to check
 * - `no-data`: no units at all
 */
export type SplitCheckState = "ok" | "alarm" | "warning" | "too-few" | "one-arm" | "no-data";

export interface SplitCheck {
  state: SplitCheckState;
  /** In (0, 1], values under 1e-300 read as 1e-300; null when there is no test. */
  p: number | null;
  chi2: number | null;
  /** Units each arm should have had, in the order given. */
  expected: number[];
}

/**
 * Sample ratio mismatch at one look: were units split as the weights say? Pearson's chi-square over the arms with
 * weight > 0. Looked at again and again it alarms by chance: see `sequentialSplit`.
 * Throws RangeError when the lists differ in length or hold a negative or non-finite number: a caller's bug.
 */
export function splitCheck(observed: readonly number[], weights: readonly number[]): SplitCheck {
  if (observed.length !== weights.length) throw new RangeError("splitCheck needs one weight for each observed count.");
  if (![...observed, ...weights].every((x) => Number.isFinite(x) && x >= 0)) {
    throw new RangeError("splitCheck needs counts and weights that are finite and not negative.");
  }
  const total = observed.reduce((sum, n) => sum + n, 0);
  const weight = weights.reduce((sum, w) => sum + w, 0);
  const expected = weights.map((w) => (weight > 0 ? total * (w / weight) : 0));
  if (total === 0) return { state: "no-data", p: null, chi2: null, expected };
  if (observed.some((n, i) => n > 0 && !expected[i])) return { state: "alarm", p: null, chi2: null, expected };
  const arms = observed.map((n, i) => ({ n, expected: expected[i] ?? 0 })).filter((arm) => arm.expected > 0);
  const chi2 = arms.reduce((sum, arm) => sum + (arm.n - arm.expected) ** 2 / arm.expected, 0);
  if (arms.length < 2) return { state: "one-arm", p: null, chi2: null, expected };
  if (arms.some((arm) => arm.expected < ENOUGH_EXPECTED)) return { state: "too-few", p: null, chi2, expected };
  const p = toP(logChiSquareTail(chi2, arms.length - 1));
  return { state: p < ALARM_BELOW ? "alarm" : p < WARNING_BELOW ? "warning" : "ok", p, chi2, expected };
}
