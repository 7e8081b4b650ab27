/**
 * Centred moments of one quantity over n units: its mean and `m2`, the sum of squared deviations from the mean.
 * They lose no digits when the mean is large beside the spread, as plain sums of squares do.
 */
export interface Moments {
  n: number;
  mean: number;
  m2: number;
}

export const noMoments: Moments = { n: 0, mean: 0, m2: 0 };

/** Moments of a list of values. Welford 1962. */
export function momentsOf(values: Iterable<number>): Moments {
  let [n, mean, m2] = [0, 0, 0];
  for (const value of values) {
    n += 1;
    const delta = value - mean;
    mean += delta / n;
    m2 += delta * (value - mean);
  }
  return { n, mean, m2 };
}

/** Moments of two disjoint groups of units together. Chan, Golub & LeVeque 1983. */
export function mergeMoments(a: Moments, b: Moments): Moments {
  if (a.n === 0) return b;
  if (b.n === 0) return a;
  const n = a.n + b.n;
  const delta = b.mean - a.mean;
  return { n, mean: a.mean + delta * (b.n / n), m2: a.m2 + b.m2 + delta * delta * a.n * (b.n / n) };
}

/** Plain sums over n units; `shift` was taken off every value before it was summed (0 when left out). */
export interface Sums {
  n: number;
  sum: number;
  sumSquares: number;
  shift?: number;
}

/** Rounding of a sum of squares may reach this share of it before the spread counts as lost. */
const ROUNDING = 64 * Number.EPSILON;
/** Share of m2 that rounding may make up. */
const MOST_ROUNDING = 0.01;

/**
 * Moments from plain or shifted sums; `impossible` when no data have such sums, or `precision_lost` when the spread drowns in the rounding of the sums: then
 * shift the values by a typical one before they are summed. Sums of whole numbers up to 2^53 are exact.
 */
export function momentsFromSums({ n, sum, sumSquares, shift = 0 }: Sums): Moments | "precision_lost" | "impossible" {
  if (!Number.isSafeInteger(n) || n < 0 || !(sumSquares >= 0)) return "impossible";
  if (n === 0) return noMoments;
  const mean = sum / n;
  if (![mean + shift, sum * mean, sumSquares].every(Number.isFinite)) return "impossible";
  if (Number.isSafeInteger(sum * sum) && Number.isSafeInteger(n * sumSquares)) {
    return { n, mean: mean + shift, m2: (n * sumSquares - sum * sum) / n };
  }
  const m2 = sumSquares - sum * mean;
  if (n > 1 && sumSquares > 0 && ROUNDING * sumSquares > MOST_ROUNDING * m2) return "precision_lost";
  return { n, mean: mean + shift, m2: Math.max(0, m2) };
}
