import type { Moments } from "../moments/moments.ts";
import type { PairMoments } from "../moments/pair-moments.ts";
import type { RatioWithPriorMoments } from "../moments/prior-ratio.ts";
import { type Adjusted, adjust, adjustRatios } from "./adjusted.ts";
import type { EstimatedArm } from "./estimate.ts";
import { type QuantileReading, quantileArm } from "./quantile.ts";
import { clusterArm, ratioArm } from "./ratio.ts";
import { type Conversions, conversionArm, meanArm } from "./simple.ts";

/**
 * A metric's sufficient statistics, one entry an arm, the control first:
 * - `conversion`: units and how many did it (also retention and funnels)
 * - `mean`: moments of a value per unit (also counts)
 * - `ratio`: moments of numerator y and denominator x per unit
 * - `clustered`: a mean whose units come in clusters: moments of sum y and size x per cluster
 * - `adjusted_mean`, `adjusted_ratio`: CUPED, with what was before the experiment
 * - `quantile`: the quantile at `level` and the values around it
 */
export type MetricArms =
  | { kind: "conversion"; arms: readonly Conversions[] }
  | { kind: "mean"; arms: readonly Moments[] }
  | { kind: "ratio" | "clustered"; arms: readonly PairMoments[] }
  | { kind: "adjusted_mean"; arms: readonly PairMoments[] }
  | { kind: "adjusted_ratio"; arms: readonly RatioWithPriorMoments[] }
  | { kind: "quantile"; level: number; arms: readonly QuantileReading[] };

/** An estimate of every arm, and what CUPED did when it was requested. */
export interface MetricEstimates {
  arms: EstimatedArm[];
  adjustment: Omit<Adjusted, "arms"> | null;
}

/** Estimates every arm of a metric. Throws RangeError for a quantile's level outside (0, 1): a caller's bug. */
export function estimateArms(metric: MetricArms): MetricEstimates {
  switch (metric.kind) {
    case "conversion":
      return { arms: metric.arms.map(conversionArm), adjustment: null };
    case "mean":
      return { arms: metric.arms.map(meanArm), adjustment: null };
    case "ratio":
      return { arms: metric.arms.map(ratioArm), adjustment: null };
    case "clustered":
      return { arms: metric.arms.map(clusterArm), adjustment: null };
    case "adjusted_mean":
      return split(adjust(metric.arms));
    case "adjusted_ratio":
      return split(adjustRatios(metric.arms));
    case "quantile": {
      const { level } = metric;
      if (!(level > 0 && level < 1)) throw new RangeError(`A quantile's level lies between 0 and 1, not ${level}.`);
      return { arms: metric.arms.map((arm) => quantileArm(arm, level)), adjustment: null };
    }
    default: {
      const never: never = metric;
      return never;
    }
  }
}

function split({ arms, ...adjustment }: Adjusted): MetricEstimates {
  return { arms, adjustment };
}
