import type { StepSums } from "@telltale/events";
import { type MetricArms, type Moments, momentsFromSums, type PairMoments } from "@telltale/stats";
import { FEW_CONVERSIONS } from "./metric-arms.ts";

const nothing: StepSums = { n: 0, y: 0, yy: 0 };

function one(n: number, sum: number, sumSquares: number): Moments | null {
  const found = momentsFromSums({ n, sum, sumSquares });
  return typeof found === "string" ? null : found;
}

function pair({ n, y, yy, x, xx, xy }: StepSums): PairMoments | null {
  if (n === 0) return { n: 0, meanY: 0, meanX: 0, yy: 0, xx: 0, xy: 0 };
  if (x === undefined || xx === undefined || xy === undefined) return null;
  const [own, other] = [one(n, y, yy), one(n, x, xx)];
  if (!own || !other) return null;
  // Rounding alone may take it past what Cauchy and Schwarz allow.
  const most = Math.sqrt(own.m2) * Math.sqrt(other.m2);
  const cross = Math.min(most, Math.max(-most, xy - y * (x / n)));
  if (!Number.isFinite(cross)) return null;
  return { n, meanY: own.mean, meanX: other.mean, yy: own.m2, xx: other.m2, xy: cross };
}

function all<T>(arms: readonly (T | null)[]): T[] | null {
  const known = arms.filter((arm) => arm !== null);
  return known.length === arms.length ? known : null;
}

/**
 * A metric as it stood at an earlier look, from cumulative sums by arm, for the same estimator as `now`; null where
 * sums do not give it: quantiles and adjusted ratios have none, in others the spread may have drowned in rounding.
 * Adjusted shares with few conversions are read by counts: see `metricArms`.
 */
export function armsOfSums(
  now: MetricArms["kind"],
  isShare: boolean,
  sums: readonly (StepSums | undefined)[],
): MetricArms | null {
  const arms = sums.map((own) => own ?? nothing);
  switch (now) {
    case "conversion":
      return { kind: now, arms: arms.map(({ n, y }) => ({ n, converted: y })) };
    case "mean": {
      const known = all(arms.map(({ n, y, yy }) => one(n, y, yy)));
      return known && { kind: now, arms: known };
    }
    case "adjusted_mean": {
      // With few conversions it was read by counts at the time, and stays so.
      if (isShare && arms.some(({ n, y }) => Math.min(y, n - y) < FEW_CONVERSIONS)) {
        return { kind: "conversion", arms: arms.map(({ n, y }) => ({ n, converted: y })) };
      }
      const known = all(arms.map(pair));
      return known && { kind: now, arms: known };
    }
    case "ratio":
    case "clustered": {
      const known = all(arms.map(pair));
      return known && { kind: now, arms: known };
    }
    case "adjusted_ratio":
    case "quantile":
      return null;
    default: {
      const never: never = now;
      return never;
    }
  }
}

/** The plain value of cumulative sums: a rate or a mean, for ratios y over x; null where it is none. */
export function valueOfSums(now: MetricArms["kind"], sums: StepSums | undefined): number | null {
  const { n, y, x } = sums ?? nothing;
  const isRatio = now === "ratio" || now === "clustered" || now === "adjusted_ratio";
  const value = y / (isRatio ? (x ?? 0) : n);
  return Number.isFinite(value) ? value : null;
}
