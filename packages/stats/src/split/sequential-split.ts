import { stirlingRest } from "../distributions/gamma.ts";
import { toP } from "../distributions/p-value.ts";
import { ENOUGH_EXPECTED } from "./split-check.ts";

const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);
/** How sure the alternative is that the split is nearly right: deviations of about 1 % are found soonest. */
const CONCENTRATION = 10_000;

/** A weight below this share of the largest is no weight. */
const NOTHING = 1e-12;

/** A split check that may be looked at after every user. */
export interface SequentialSplit {
  /**
   * `alarm`: p < alpha at this or an earlier look, or units in an arm of weight 0. `too_few`: an arm's expected count is
   * below 5, at which nothing is decided. `one_arm`: fewer than two arms have weight.
   */
  state: "ok" | "alarm" | "no_data" | "too_few" | "one_arm";
  /** Smallest p of all looks so far, in (0, 1]; null without a test. */
  p: number | null;
  /** log of the evidence against the planned split at this look; null without a test. */
  logEvidence: number | null;
}

/** (1 + u) log(1 + u) - u, without cancellation near 0. */
function divergence(u: number): number {
  if (Math.abs(u) > 0.05) return (1 + u) * Math.log1p(u) - u;
  let [sum, power] = [0, -u];
  for (let k = 2; k < 20; k++) {
    power *= -u;
    sum += power / (k * (k - 1));
  }
  return sum;
}

/**
 * log of the Bayes factor of a Dirichlet(k theta) alternative against the multinomial split theta:
 * log B(k theta + n) - log B(k theta) - sum n_i log theta_i, arranged so that large counts do not cancel.
 */
function logBayesFactor(counts: readonly number[], shares: readonly number[], k: number): number {
  const total = counts.reduce((sum, n) => sum + n, 0);
  /** log B(a) - sum a_i log theta_i, for a with this total. */
  const logBeta = (of: (index: number) => number, size: number) =>
    shares.reduce((sum, share, i) => {
      const a = of(i);
      const expected = size * share;
      const own = expected * divergence((a - expected) / expected) - 0.5 * Math.log(a) + HALF_LOG_TWO_PI;
      return sum + own + stirlingRest(a);
    }, 0) -
    (HALF_LOG_TWO_PI - 0.5 * Math.log(size) + stirlingRest(size));
  const after = logBeta((i) => k * (shares[i] ?? 0) + (counts[i] ?? 0), k + total);
  return after - logBeta((i) => k * (shares[i] ?? 0), k);
}

/**
 * Sample ratio mismatch at any time: Lindon & Malek, NeurIPS 2022. Pass the smallest p of earlier looks as `before`, and
 * counts since the weights last changed. Throws RangeError when the lists differ in length or hold what is no count or
 * weight: a caller's bug.
 */
export function sequentialSplit(
  counts: readonly number[],
  weights: readonly number[],
  { alpha = 0.001, before = 1, concentration = CONCENTRATION } = {},
): SequentialSplit {
  const sound = counts.length === weights.length && [...counts, ...weights].every((x) => Number.isFinite(x) && x >= 0);
  if (!sound) throw new RangeError("sequentialSplit needs one weight for each count, finite and not negative.");
  if (!(before > 0 && before <= 1 && concentration > 0)) throw new RangeError("before must be a p, concentration > 0.");
  const most = weights.reduce((a, b) => Math.max(a, b), 0);
  const scaled = weights.map((weight) => (most > 0 && weight / most > NOTHING ? weight / most : 0));
  const whole = scaled.reduce((sum, weight) => sum + weight, 0);
  if (counts.every((n) => n === 0)) return { state: "no_data", p: null, logEvidence: null };
  if (counts.some((n, i) => n > 0 && !scaled[i])) return { state: "alarm", p: null, logEvidence: null };
  const open = counts.map((n, i) => ({ n, share: (scaled[i] ?? 0) / whole })).filter(({ share }) => share > 0);
  if (open.length < 2) return { state: "one_arm", p: null, logEvidence: null };
  const total = counts.reduce((sum, n) => sum + n, 0);
  if (open.some(({ share }) => total * share < ENOUGH_EXPECTED)) {
    return { state: before < alpha ? "alarm" : "too_few", p: before, logEvidence: null };
  }
  const factor = logBayesFactor(
    open.map(({ n }) => n),
    open.map(({ share }) => share),
    concentration,
  );
  const logEvidence = Number.isFinite(factor) ? factor : null;
  const p = logEvidence === null ? null : Math.min(before, toP(-logEvidence));
  return { state: p !== null && p < alpha ? "alarm" : "ok", p, logEvidence };
}
