import type { OneMoments, StepSums, TwoMoments } from "../../moments.ts";

/** Sums over units of whole numbers with `y` and `x` binary digits of fraction; one entry a step. */
export interface StepCounts {
  n: bigint[];
  y: bigint[];
  yy: bigint[];
  x?: bigint[];
  xx?: bigint[];
  xy?: bigint[];
  fraction: { y: number; x: number };
}

export const total = (values: readonly bigint[]) => values.reduce((sum, value) => sum + value, 0n);

/** A whole number with so many binary digits of fraction; rounded once. */
export const unscaled = (value: bigint, fraction: number) => Number(value) / 2 ** fraction;

const mean = (n: bigint, sum: bigint, fraction: number) => (n === 0n ? 0 : unscaled(sum, fraction) / Number(n));

/**
 * Sum of the products of two quantities' deviations from their means, from their sums over n units: whole numbers until
 * the end, so that a mean of 1e12 leaves a spread of 1e-3 its digits.
 */
export function centred(n: bigint, product: bigint, one: bigint, other: bigint, fraction: number): number {
  return n === 0n ? 0 : unscaled(n * product - one * other, fraction) / Number(n);
}

export function oneMoments(n: bigint, y: bigint, yy: bigint, fraction: number): OneMoments {
  return { n: Number(n), mean: mean(n, y, fraction), m2: centred(n, yy, y, y, 2 * fraction) };
}

/** Sums of two quantities over the same units. */
export interface PairSums {
  n: bigint;
  y: bigint;
  x: bigint;
  yy: bigint;
  xx: bigint;
  xy: bigint;
}

export function twoMoments(sums: PairSums, fraction: { y: number; x: number }): TwoMoments {
  const { n, y, x, yy, xx, xy } = sums;
  return {
    n: Number(n),
    meanY: mean(n, y, fraction.y),
    meanX: mean(n, x, fraction.x),
    yy: centred(n, yy, y, y, 2 * fraction.y),
    xx: centred(n, xx, x, x, 2 * fraction.x),
    xy: centred(n, xy, y, x, fraction.y + fraction.x),
  };
}

/** Totals over all steps. */
export function pairSums({ n, y, yy, x = [], xx = [], xy = [] }: StepCounts): PairSums {
  return { n: total(n), y: total(y), x: total(x), yy: total(yy), xx: total(xx), xy: total(xy) };
}

/** What the i-th step adds, as plain numbers; undefined when it has no news. */
export function stepSums(counts: StepCounts, i: number): StepSums | undefined {
  const { fraction } = counts;
  const at = (values: bigint[] | undefined) => values?.[i] ?? 0n;
  const [n, y, yy, x, xx, xy] = [counts.n, counts.y, counts.yy, counts.x, counts.xx, counts.xy].map(at);
  if ([n, y, yy, x, xx, xy].every((value) => value === 0n)) return undefined;
  return {
    n: Number(n),
    y: unscaled(y ?? 0n, fraction.y),
    yy: unscaled(yy ?? 0n, 2 * fraction.y),
    ...(counts.x && {
      x: unscaled(x ?? 0n, fraction.x),
      xx: unscaled(xx ?? 0n, 2 * fraction.x),
      xy: unscaled(xy ?? 0n, fraction.y + fraction.x),
    }),
  };
}
