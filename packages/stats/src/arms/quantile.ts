import { normalQuantile } from "../distributions/normal.ts";
import type { PairMoments } from "../moments/pair-moments.ts";
import { quantileLevels } from "../moments/quantile.ts";
import { type EstimatedArm, estimated, unknownArm } from "./estimate.ts";
import type { QuantileBound } from "./quantile-order.ts";
import { clusterArm } from "./ratio.ts";
import { isCount } from "./states.ts";

/** An arm's quantile and the values around it, read off at the levels that `quantileLevels` names. */
export interface QuantileReading {
  /** Values (units, or events when they come in clusters). */
  n: number;
  value: number;
  lower: number;
  upper: number;
  /** The same at more levels, rising in z: without them a sequence cannot tell how far values repeat. */
  bounds?: readonly QuantileBound[];
  /** When values come in clusters: per cluster, y = how many lie at or below the quantile, x = how many there are. */
  inside?: PairMoments;
}

/** z of the levels `lower` and `upper` were read at. */
const READ_AT = normalQuantile(0.05);

/** Do the values around the quantile rise with z, outwards? */
function isOrdered({ value, lower, upper, bounds = [] }: QuantileReading): boolean {
  if (![value, lower, upper].every(Number.isFinite) || lower > value || value > upper) return false;
  let [z, low, high] = [0, value, value];
  return bounds.every((bound) => {
    const [own, other] = [bound.low ?? low, bound.high ?? high];
    const isSound = bound.z > z && own <= low && other >= high && Number.isFinite(own) && Number.isFinite(other);
    [z, low, high] = [bound.z, own, other];
    return isSound;
  });
}

/**
 * A quantile with the values around it, from which its interval is read. Its standard error, (upper - lower) / 2z,
 * plans sizes and makes beliefs; for values in clusters its square times var_cluster(I) / (nu (1 - nu) / n),
 * I = 1{Y <= q}. Deng, Knoblich & Lu 2018; Yao, Li & Lu 2024.
 */
export function quantileArm(reading: QuantileReading, level: number): EstimatedArm {
  const { n, value, lower, upper, inside } = reading;
  if (!isCount(n) || !isOrdered(reading)) return unknownArm("impossible");
  if (n === 0) return unknownArm("no_data");
  const assigned = inside ? inside.n : n;
  if (n < quantileLevels(n, level).minimumUnits) return unknownArm("not_enough_data", assigned, value);
  const se = (upper - lower) / (2 * READ_AT);
  const bounds = reading.bounds?.length ? reading.bounds : [{ z: READ_AT, low: lower, high: upper }];
  const order = { value, bounds, design: 1 };
  if (!inside) return estimated({ n, value, variance: se * se, df: null, order, warnings: [] });
  const shares = clusterArm(inside);
  if (shares.state !== "ok") return unknownArm(shares.state, assigned, value);
  const factor = shares.variance / ((level * (1 - level)) / n);
  if (!Number.isFinite(factor)) return unknownArm("out_of_range", assigned, value);
  if (factor === 0) return unknownArm("zero_variance", assigned, value);
  return estimated({
    n: assigned,
    value,
    variance: se * se * factor,
    df: shares.df,
    order: { ...order, design: factor },
    warnings: shares.warnings,
  });
}
