/** Smallest p-value reported: a smaller one reads as this, since 0 would be untrue. */
export const SMALLEST_P = 1e-300;

/** A p-value from its logarithm, in (0, 1]. */
export function toP(logP: number): number {
  return Math.min(1, Math.max(SMALLEST_P, Math.exp(logP)));
}
