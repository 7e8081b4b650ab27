/**
 * Tail probabilities and quantiles, accurate to about 1e-12 relative in the far tails.
 * Sources: Abramowitz & Stegun ch. 6, 7, 26; DiDonato & Morris (1992, ACM TOMS 18:3) for the beta fraction.
 */

const EPSILON = 1e-16;
const MAX_TERMS = 10_000;
const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

/** log Γ(x) minus Stirling's leading terms, for x >= 10 (A&S 6.1.41). */
function stirlingRest(x: number): number {
  const s = 1 / (x * x);
  return (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - s * (1 / 1188 - (s * 691) / 360_360))))) / x;
}

/** log Γ(x) for x > 0. */
export function logGamma(x: number): number {
  let shift = 1;
  let at = x;
  while (at < 10) {
    shift *= at;
    at += 1;
  }
  return (at - 0.5) * Math.log(at) - at + HALF_LOG_TWO_PI + stirlingRest(at) - Math.log(shift);
}

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
  const square = t * t;
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

/** log of the upper tail Q(a, x) of the regularised incomplete gamma function, a > 0, x >= 0. */
export function logGammaTail(a: number, x: number): number {
  if (x <= 0) return 0;
  const logFront = a * Math.log(x) - x - logGamma(a);
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = 1; n < MAX_TERMS && term > EPSILON * sum; n++) {
      term *= x / (a + n);
      sum += term;
    }
    return Math.log1p(-Math.min(Math.exp(logFront) * sum, 1 - EPSILON));
  }
  // Legendre's fraction by modified Lentz.
  let b = x + 1 - a;
  let c = Number.MAX_VALUE;
  let d = 1 / b;
  let value = d;
  for (let n = 1; n <= MAX_TERMS; n++) {
    const numerator = -n * (n - a);
    b += 2;
    d = 1 / (numerator * d + b);
    c = b + numerator / c;
    value *= c * d;
    if (Math.abs(c * d - 1) <= EPSILON * 4) break;
  }
  return logFront + Math.log(value);
}

/** log of the two-sided tail of the normal distribution: log(2 Φ(-|z|)) = log Q(1/2, z^2/2). */
export function logNormalTail(z: number): number {
  return logGammaTail(0.5, (z * z) / 2);
}

/** The x >= 0 at which a decreasing log tail (0 at x = 0) has fallen to `target`, by bracketing and bisection. */
export function invertLogTail(logTail: (x: number) => number, target: number): number {
  let low = 0;
  let high = 1;
  while (logTail(high) > target && high < 1e150) {
    low = high;
    high *= 2;
  }
  for (let i = 0; i < 200; i++) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) break;
    if (logTail(middle) > target) low = middle;
    else high = middle;
  }
  return high;
}

/** Two-sided critical value of Student's t: 2 F_t(-t; df) = alpha. */
export function studentQuantile(alpha: number, df: number): number {
  return invertLogTail((t) => logStudentTail(t, df), Math.log(alpha));
}

/** Two-sided critical value of the normal distribution: 2 Φ(-z) = alpha. */
export function normalQuantile(alpha: number): number {
  return invertLogTail(logNormalTail, Math.log(alpha));
}

/** Smallest p-value reported: a smaller one reads as this, since 0 would be untrue. */
export const SMALLEST_P = 1e-300;

/** A p-value from its logarithm, in (0, 1]. */
export function toP(logP: number): number {
  return Math.min(1, Math.max(SMALLEST_P, Math.exp(logP)));
}
