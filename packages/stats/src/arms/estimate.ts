import type { QuantileOrder } from "./quantile-order.ts";
import type { UnknownState, Warning } from "./states.ts";

/** An arm's mean (rate, ratio, quantile) and how sure it is. */
export interface ArmEstimate {
  state: "ok";
  /** Units, or clusters, that were assigned: the size that sequences count. */
  n: number;
  value: number;
  /** Variance of `value`, not of a unit. */
  variance: number;
  /** Degrees of freedom of the variance; null for a normal quantity. */
  df: number | null;
  /** What a relative change is relative to, when it differs from `value`: CUPED's raw mean. */
  base?: { value: number; variance: number; covariance: number };
  /** The values around a quantile, by which its interval is read: they hold with ties, a standard error does not. */
  order?: QuantileOrder;
  warnings: Warning[];
}

/** An arm of which nothing can be estimated, with as much as is known. */
export interface UnknownArm {
  state: UnknownState;
  n: number;
  value: number | null;
}

export type EstimatedArm = ArmEstimate | UnknownArm;

export function unknownArm(state: UnknownState, n = 0, value: number | null = null): UnknownArm {
  const known = value !== null && Number.isFinite(value) ? value : null;
  return { state, n: Number.isSafeInteger(n) && n >= 0 ? n : 0, value: known };
}

/** The estimate, or `out_of_range` when the arithmetic left the numbers. */
export function estimated(arm: Omit<ArmEstimate, "state">): EstimatedArm {
  const base = arm.base ? [arm.base.value, arm.base.variance, arm.base.covariance] : [];
  const finite = [arm.value, arm.variance, ...base].every(Number.isFinite);
  return finite ? { state: "ok", ...arm } : unknownArm("out_of_range", arm.n, arm.value);
}
