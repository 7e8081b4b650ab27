import type { PairMoments } from "./pair-moments.ts";

/**
 * Centred moments of a ratio metric and of the same ratio before the experiment: numerator y, denominator x, and
 * y0, x0 before it. Each product is the sum of cross products of the deviations of the two it names.
 */
export interface RatioWithPriorMoments {
  n: number;
  means: { y: number; x: number; y0: number; x0: number };
  products: Record<"yy" | "yx" | "yy0" | "yx0" | "xx" | "xy0" | "xx0" | "y0y0" | "y0x0" | "x0x0", number>;
}

/**
 * The two ratios as linear quantities of a unit, R + (y - R x) / mean(x), so that CUPED for means applies to them
 * (delta method; Deng et al. 2013, §4). Null when a denominator's mean is 0.
 */
export function linearise({ n, means, products }: RatioWithPriorMoments): PairMoments | null {
  if (means.x === 0 || means.x0 === 0) return null;
  const [r, r0] = [means.y / means.x, means.y0 / means.x0];
  const { yy, yx, yy0, yx0, xx, xy0, xx0, y0y0, y0x0, x0x0 } = products;
  return {
    n,
    meanY: r,
    meanX: r0,
    yy: Math.max(0, yy - 2 * r * yx + r * r * xx) / (means.x * means.x),
    xx: Math.max(0, y0y0 - 2 * r0 * y0x0 + r0 * r0 * x0x0) / (means.x0 * means.x0),
    xy: (yy0 - r0 * yx0 - r * xy0 + r * r0 * xx0) / (means.x * means.x0),
  };
}
