/**
 * Centred moments of two quantities of the same n units: means, sums of squared deviations (`yy`, `xx`) and the sum of
 * cross products of deviations (`xy`). Numerator and denominator of a ratio, sum and size of a cluster, or a metric (y)
 * and what it was before the experiment (x).
 */
export interface PairMoments {
  n: number;
  meanY: number;
  meanX: number;
  yy: number;
  xx: number;
  xy: number;
}

/** Moments of a list of pairs [y, x]. */
export function pairMomentsOf(pairs: Iterable<readonly [y: number, x: number]>): PairMoments {
  const result = { n: 0, meanY: 0, meanX: 0, yy: 0, xx: 0, xy: 0 };
  for (const [y, x] of pairs) {
    result.n += 1;
    const deltaY = y - result.meanY;
    const deltaX = x - result.meanX;
    result.meanY += deltaY / result.n;
    result.meanX += deltaX / result.n;
    result.yy += deltaY * (y - result.meanY);
    result.xx += deltaX * (x - result.meanX);
    result.xy += deltaY * (x - result.meanX);
  }
  return result;
}

/** Moments of two disjoint groups of units together. Chan, Golub & LeVeque 1983. */
export function mergePairMoments(a: PairMoments, b: PairMoments): PairMoments {
  if (a.n === 0) return b;
  if (b.n === 0) return a;
  const n = a.n + b.n;
  const [deltaY, deltaX] = [b.meanY - a.meanY, b.meanX - a.meanX];
  const weight = a.n * (b.n / n);
  return {
    n,
    meanY: a.meanY + deltaY * (b.n / n),
    meanX: a.meanX + deltaX * (b.n / n),
    yy: a.yy + b.yy + deltaY * deltaY * weight,
    xx: a.xx + b.xx + deltaX * deltaX * weight,
    xy: a.xy + b.xy + deltaY * deltaX * weight,
  };
}

/** Share of the terms of a variance below which what is left of it is rounding. */
const ROUNDING = 1e-12;

/** Sum of squared deviations of y - k x: yy - 2k xy + k^2 xx, 0 where only rounding is left. */
export function spreadOfDifference({ yy, xx, xy }: PairMoments, k: number): number {
  const rest = yy - 2 * k * xy + k * k * xx;
  return rest <= ROUNDING * (yy + 2 * Math.abs(k * xy) + k * k * xx) ? 0 : rest;
}
