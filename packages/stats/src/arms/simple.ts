import type { Moments } from "../moments/moments.ts";
import { type EstimatedArm, estimated, unknownArm } from "./estimate.ts";
import { isCount, isPossible } from "./states.ts";

/** Units and how many of them converted. */
export interface Conversions {
  n: number;
  converted: number;
}

/** Below this many conversions, or non-conversions, in an arm Welch's test does not hold its level. */
const FEW = 5;

/** A share of units: s^2 = r(1 - r) n / (n - 1), so that it is the mean of 0/1 data. */
export function conversionArm({ n, converted }: Conversions): EstimatedArm {
  if (!isCount(n) || !isCount(converted) || converted > n) return unknownArm("impossible");
  if (n === 0) return unknownArm("no_data");
  const rate = converted / n;
  const few = converted < FEW || n - converted < FEW;
  const variance = n > 1 ? (rate * ((n - converted) / n)) / (n - 1) : 0;
  return estimated({ n, value: rate, variance, df: n - 1, warnings: few ? ["few_conversions"] : [] });
}

/** A mean of values: v = m2 / (n - 1) / n. */
export function meanArm({ n, mean, m2 }: Moments): EstimatedArm {
  if (!isPossible(n, [m2], [mean])) return unknownArm("impossible");
  if (n === 0) return unknownArm("no_data");
  if (n === 1) return unknownArm("not_enough_data", n, mean);
  return estimated({ n, value: mean, variance: m2 / (n - 1) / n, df: n - 1, warnings: [] });
}
