import { fiellerLift, type Interval } from "./interval.ts";
import { type Conversions, newcombeDifference, newcombeLift, newcombeP } from "./newcombe.ts";
import { logStudentTail, normalQuantile, studentQuantile, toP } from "./special.ts";

/** Below this many conversions, or non-conversions, in an arm Welch's test does not hold its level. */
const FEW = 5;

/**
 * - `ok`: Welch's test, Fieller's interval for the lift
 * - `few-conversions`: under 5 conversions or non-conversions in an arm; Newcombe's interval and the p that belongs to it
 * - `no-variance`: nobody, or everybody, converted in both arms: an interval, but no p
 * - `no-data`: an arm has no units
 * - `impossible`: counts that cannot be (negative, fractions, more conversions than units)
 */
export type ComparisonState = "ok" | "few-conversions" | "no-variance" | "no-data" | "impossible";

/** `unclear`: the interval covers 0. `unknown`: nothing can be said (see the state). */
export type ComparisonVerdict = "better" | "worse" | "unclear" | "unknown";

/** JSON-safe: what cannot be known is null or a named state, never NaN or Infinity. Rates and lifts are fractions. */
export interface Comparison {
  state: ComparisonState;
  control: { n: number; rate: number | null };
  treatment: { n: number; rate: number | null };
  /** treatment - control, in rate (0.01 is one percentage point). */
  difference: { estimate: number; low: number; high: number } | null;
  /** (treatment - control) / control. */
  lift: Interval;
  /** Two-sided; in (0, 1], values under 1e-300 read as 1e-300. p < alpha exactly when the intervals exclude 0. */
  p: number | null;
  /** Level of both intervals: 1 - alpha. */
  confidence: number;
  verdict: ComparisonVerdict;
}

export interface CompareOptions {
  /** Two-sided error level in (0, 1); default 0.05. */
  alpha?: number;
  /** Which way is good for this metric; default "increase". */
  direction?: "increase" | "decrease";
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function isPossible({ n, converted }: Conversions): boolean {
  return isCount(n) && isCount(converted) && converted <= n;
}

function hasFew({ n, converted }: Conversions): boolean {
  return converted < FEW || n - converted < FEW;
}

type Analysis = Pick<Comparison, "state" | "difference" | "lift" | "p">;

/** Welch's t-test on 0/1 data: s^2 = r(1 - r) n / (n - 1). Welch 1947; Satterthwaite 1946 for the degrees of freedom. */
function welch(control: Conversions, treatment: Conversions, alpha: number): Analysis {
  const arm = ({ n, converted }: Conversions) => {
    const mean = converted / n;
    return { mean, variance: (mean * ((n - converted) / n)) / (n - 1) };
  };
  const c = arm(control);
  const t = arm(treatment);
  const variance = c.variance + t.variance;
  const share = c.variance / variance;
  const df = 1 / ((share * share) / (control.n - 1) + ((1 - share) * (1 - share)) / (treatment.n - 1));
  const estimate = t.mean - c.mean;
  const se = Math.sqrt(variance);
  const critical = studentQuantile(alpha, df);
  return {
    state: "ok",
    difference: { estimate, low: estimate - critical * se, high: estimate + critical * se },
    lift: fiellerLift(c, t, critical),
    p: toP(logStudentTail(estimate / se, df)),
  };
}

function analyse(control: Conversions, treatment: Conversions, alpha: number): Analysis {
  const nothing = (state: ComparisonState, reason: string): Analysis => {
    return { state, difference: null, lift: { state: "undefined", reason }, p: null };
  };
  if (!isPossible(control) || !isPossible(treatment)) {
    return nothing("impossible", "These counts cannot be: conversions must be between 0 and the number of units.");
  }
  if (control.n === 0 || treatment.n === 0) return nothing("no-data", "A group has nobody in it yet.");
  if (!hasFew(control) && !hasFew(treatment)) return welch(control, treatment, alpha);
  const z = normalQuantile(alpha);
  const none = control.converted + treatment.converted === 0;
  const all = control.converted + treatment.converted === control.n + treatment.n;
  return {
    state: none || all ? "no-variance" : "few-conversions",
    difference: newcombeDifference(control, treatment, z),
    lift: newcombeLift(control, treatment, z),
    p: none || all ? null : newcombeP(control, treatment),
  };
}

/**
 * Compares two arms' conversion rates: absolute difference, lift, p-value and verdict, which never contradict each
 * other. Throws RangeError only for an alpha outside (0, 1).
 */
export function compareConversions(
  control: Conversions,
  treatment: Conversions,
  { alpha = 0.05, direction = "increase" }: CompareOptions = {},
): Comparison {
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`alpha must lie between 0 and 1, not ${alpha}.`);
  const analysis = analyse(control, treatment, alpha);
  const arm = (counts: Conversions) => ({
    n: isCount(counts.n) ? counts.n : 0,
    rate: isPossible(counts) && counts.n > 0 ? counts.converted / counts.n : null,
  });
  const side = (analysis.difference?.estimate ?? 0) * (direction === "increase" ? 1 : -1);
  const verdict = analysis.p === null ? "unknown" : analysis.p >= alpha ? "unclear" : side > 0 ? "better" : "worse";
  return { ...analysis, control: arm(control), treatment: arm(treatment), confidence: 1 - alpha, verdict };
}
