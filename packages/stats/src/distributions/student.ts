import { stirlingRest } from "./gamma.ts";
import { invertLogTail } from "./invert.ts";

/**
 * Student's t, accurate to about 1e-12 relative in the far tails and for any degrees of freedom.
 * Sources: Abramowitz & Stegun 26.5.27; DiDonato & Morris (1992, ACM TOMS 18:3) for the beta fraction.
 */

const EPSILON = 1e-16;
const MAX_TERMS = 10_000;

/** log B(a, 1/2). Large `a` are taken by the difference of the Stirling rests: logGamma would cancel all digits. */
function logBetaHalf(a: number): number {
  let shift = 1;
  let at = a;
  while (at < 10) {
    shift *= at / (at + 0.5); // Γ(a)/Γ(a+1/2) = (a+1/2)/a * Γ(a+1)/Γ(a+3/2)
    at += 1;
  }
  const ratio = stirlingRest(at) - stirlingRest(at + 0.5) - at * Math.log1p(0.5 / at) - 0.5 * Math.log(at) + 0.5;
  return 0.5 * Math.log(Math.PI) + ratio - Math.log(shift);
}

/**
 * Fraction of the incomplete beta function with b = 1/2. It takes x and y = 1 - x, so that it does not cancel for y
 * near 0 (large samples).
 */
function betaFraction(a: number, x: number, y: number): number {
  const b = 0.5;
  const partial = (m: number) =>
    m + (m * (b - m) * x) / (a + 2 * m - 1) + ((a + m) * (a * y - b * x + 1 + m * (1 + y))) / (a + 2 * m + 1);
  // Modified Lentz.
  let value = partial(0);
  let c = value;
  let d = 0;
  for (let m = 1; m <= MAX_TERMS; m++) {
    const scale = a + 2 * m - 1;
    const numerator = ((a + m - 1) / scale) * ((a + b + m - 1) / scale) * m * (b - m) * x * x;
    const denominator = partial(m);
    d = 1 / (denominator + numerator * d);
    c = denominator + numerator / c;
    value *= c * d;
    if (Math.abs(c * d - 1) <= EPSILON * 4) break;
  }
  return value;
}

/**
 * log of the two-sided tail of Student's t: log(2 F_t(-|t|; df)), df > 0 and possibly fractional.
 * It is the regularised incomplete beta I_x(df/2, 1/2) at x = df / (df + t^2) (A&S 26.5.27), never 1 minus a cdf.
 */
export function logStudentTail(t: number, df: number): number {
  const size = Math.min(Math.abs(t), 1e150);
  const square = size * size;
  if (square === 0) return 0;
  const a = df / 2;
  const x = df / (df + square);
  const y = square / (df + square);
  const logFront = -a * Math.log1p(square / df) + 0.5 * Math.log(y) - logBetaHalf(a);
  if (square > 3) return logFront - Math.log(betaFraction(a, x, y));
  // Near the centre: one minus a sum of positive terms; it stays above 0.08, so nothing cancels.
  let term = 2;
  let sum = 2;
  for (let n = 0; n < MAX_TERMS && term > EPSILON * sum; n++) {
    term *= (y * (a + 0.5 + n)) / (1.5 + n);
    sum += term;
  }
  return Math.log1p(-Math.min(Math.exp(logFront) * sum, 1 - EPSILON));
}

/** Two-sided critical value of Student's t: 2 F_t(-t; df) = alpha. */
export function studentQuantile(alpha: number, df: number): number {
  return invertLogTail((t) => logStudentTail(t, df), Math.log(alpha));
}
