import type { EstimatedArm } from "../arms/estimate.ts";
import { estimateArms, type MetricArms } from "../arms/metric.ts";

/** A metric as it is before the experiment: its mean (rate, ratio, quantile) and the variance of one unit. */
export interface Baseline {
  value: number;
  /** Variance of the value from one unit: n times the variance of the value from n. */
  unitVariance: number;
  /** A share of units: the treatment's variance follows from its rate. */
  isRate: boolean;
}

/**
 * What planning needs, from past data of any metric kind given as one arm. CUPED's kinds give the adjusted unit
 * variance and keep the raw mean. Null when it cannot be known.
 */
export function baselineOf(metric: MetricArms): Baseline | null {
  const arm: EstimatedArm | undefined = estimateArms(metric).arms[0];
  if (arm?.state !== "ok" || !(arm.variance > 0)) return null;
  const isRate = metric.kind === "conversion";
  // For rates p(1 - p): the variance of a mean over n units is that over n - 1.
  const units = isRate ? arm.n - 1 : arm.n;
  return { value: arm.base?.value ?? arm.value, unitVariance: arm.variance * units, isRate };
}
