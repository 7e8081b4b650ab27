import { normalQuantile } from "../distributions/normal.ts";
import type { PairMoments } from "../moments/pair-moments.ts";
import { quantileLevels } from "../moments/quantile.ts";
import { type Arm, estimated, unknownArm } from "./estimate.ts";
import { clusterArm } from "./ratio.ts";
import { isCount } from "./states.ts";

/** An arm's quantile and the values around it, read off at the levels that `quantileLevels` names. */
export interface QuantileReading {
  /** Values (units, or events when they come in clusters). */
  n: number;
  value: number;
  lower: number;
  upper: number;
  /** When values come in clusters: per cluster, y = how many lie at or below the quantile, x = how many there are. */
  inside?: PairMoments;
}

/**
 * A quantile with the standard error (upper - lower) / 2z; for values in clusters its square times
 * var_cluster(I) / (nu (1 - nu) / n), I = 1{Y <= q}. Deng, Knoblich & Lu 2018; Yao, Li & Lu 2024.
 */
export function quantileArm({ n, value, lower, upper, inside }: QuantileReading, level: number): Arm {
  if (!isCount(n) || ![value, lower, upper].every(Number.isFinite) || lower > value || value > upper) {
    return unknownArm("impossible");
  }
  if (n === 0) return unknownArm("no_data");
  const assigned = inside ? inside.n : n;
  if (n < quantileLevels(n, level).minimumUnits) return unknownArm("not_enough_data", assigned, value);
  const se = (upper - lower) / (2 * normalQuantile(0.05));
  if (!inside) return estimated({ n, value, variance: se * se, df: null, warnings: [] });
  const shares = clusterArm(inside);
  if (shares.state !== "ok") return unknownArm(shares.state, assigned, value);
  const factor = shares.variance / ((level * (1 - level)) / n);
  return estimated({ n: assigned, value, variance: se * se * factor, df: shares.df, warnings: shares.warnings });
}
