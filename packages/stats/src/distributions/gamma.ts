/**
 * Log gamma and the upper tail of the gamma distribution, accurate to about 1e-12 relative in the far tails.
 * Sources: Abramowitz & Stegun ch. 6 and 26.4.
 */

const EPSILON = 1e-16;
const MAX_TERMS = 10_000;
const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

/** log Γ(x) minus Stirling's leading terms, for x >= 10 (A&S 6.1.41). */
function stirlingSeries(x: number): number {
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
  return (at - 0.5) * Math.log(at) - at + HALF_LOG_TWO_PI + stirlingSeries(at) - Math.log(shift);
}

/** log Γ(x) - ((x - 1/2) log x - x + log(2π)/2) for x > 0: what Stirling's leading terms leave. */
export function stirlingRest(x: number): number {
  if (x >= 10) return stirlingSeries(x);
  return logGamma(x) - (x - 0.5) * Math.log(x) + x - HALF_LOG_TWO_PI;
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

/** log of the upper tail of chi-square: log P(X > x) with `df` degrees of freedom. */
export function logChiSquareTail(x: number, df: number): number {
  return logGammaTail(df / 2, x / 2);
}
