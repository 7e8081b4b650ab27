import type { MetricDefinition } from "@telltale/configuration";

/** The query of one experiment's analysis. Times are inclusive. */
export interface MomentsQuery {
  environmentId: string;
  /** Its key. */
  experiment: string;
  /** The arms, control first. */
  variants: string[];
  metrics: { key: string; definition: MetricDefinition }[];
  /** Exposures and events at or after it; events before it only as what was before exposure. */
  from: Date;
  to: Date;
  /** The attribute that units are: `targetingKey` or another. */
  by: string;
  /** Length of the series' steps, seconds; they begin at multiples of it since 1970, UTC. */
  stepSeconds: number;
  /** Days before a unit's exposure whose events are CUPED's covariate; 0 for none. */
  beforeDays: number;
  /** An attribute of exposures: the answer then holds moments by its value at the unit's first exposure. */
  breakdown?: string | undefined;
  /** Longest time the store may take, seconds. */
  limitSeconds?: number | undefined;
  /** Largest share of the store's memory that it may take, up to 1: the rest is for others. */
  limitMemoryShare?: number | undefined;
}

/** Centred moments of one quantity over n units: mean, and the sum of squared deviations from it. */
export interface OneMoments {
  n: number;
  mean: number;
  m2: number;
}

/** Centred moments of two quantities over the same n units; `xy` is the sum of cross products of deviations. */
export interface TwoMoments {
  n: number;
  meanY: number;
  meanX: number;
  yy: number;
  xx: number;
  xy: number;
}

/** Centred moments of a ratio (y over x) and of the same before exposure (y0 over x0). */
export interface RatioBeforeMoments {
  n: number;
  means: Record<"y" | "x" | "y0" | "x0", number>;
  products: Record<"yy" | "yx" | "yy0" | "yx0" | "xx" | "xy0" | "xx0" | "y0y0" | "y0x0" | "x0x0", number>;
}

/** How units spread over values: units with value in [from, to), ascending; buckets without units are left out. */
export type Histogram = { from: number; to: number; units: number }[];

/**
 * Sufficient statistics of a metric in a variant, by the form its kind has:
 * - `share` (conversion, retention, funnel): of n units so many converted; `reached` counts units by funnel step;
 *   `before` pairs y (0 or 1) with x, how often the unit did it before exposure (conversion only)
 * - `mean` (count, sum): of the capped values; `before` pairs y with x, the same before exposure, capped by the quantile of its own
 *   or by the same absolute cap
 * - `ratio` (ratio, mean): numerator y, denominator x
 * - `quantile`: the quantile, the values at the levels around it (`quantileLevels` of the statistics, at 95 %), null
 *   without values; n counts values, and `inside` (per event only) pairs per unit how many lie at or below it, and all;
 *   `bounds` are the values at level +- z sqrt(level (1 - level) / n), z rising, null where that leaves [0, 1]
 * `before` is absent where it was not requested or the kind has none.
 */
export type MetricMoments =
  | { form: "share"; n: number; converted: number; reached?: number[]; before?: TwoMoments }
  | ({ form: "mean"; capped: number; histogram: Histogram; before?: TwoMoments } & OneMoments)
  | { form: "ratio"; pair: TwoMoments; capped: { y: number; x: number }; before?: RatioBeforeMoments }
  | {
      form: "quantile";
      n: number;
      value: number | null;
      lower: number | null;
      upper: number | null;
      bounds?: { z: number; low: number | null; high: number | null }[];
      inside?: TwoMoments;
      histogram: Histogram;
    };

/**
 * What a step adds to plain sums over units: n, y, yy and, where the metric has them, a second quantity (x of a ratio,
 * or the covariate of `before`: then x is what was before). Cumulative sums give the moments as they stood at the end
 * of a step. Quantiles have none.
 */
export interface StepSums {
  n: number;
  y: number;
  yy: number;
  x?: number;
  xx?: number;
  xy?: number;
}

export interface StepMoments {
  /** When the step began: ISO 8601, UTC, whole seconds. */
  at: string;
  variant: string;
  /** Units first exposed in this step. */
  units: number;
  /** By metric key; without the metrics that the step has no news of. */
  metrics: Record<string, StepSums>;
}

export interface VariantMoments {
  variant: string;
  units: number;
  /** By metric key. */
  metrics: Record<string, MetricMoments>;
}

/** What the event store knows about an experiment: never NaN, nothing infinite, no row of raw data. */
export interface ExperimentMoments {
  /** In the order of the query. */
  variants: VariantMoments[];
  /** Units seen in several variants, which are in no other number. */
  severalVariants: number;
  /** By step, then in the order of the variants; steps without news are left out. */
  series: StepMoments[];
  /** By metric key: the caps that were used (null for none, and for a quantile without values); y's and, for ratios, x's. */
  caps: Record<string, { y: number | null; x: number | null }>;
  /** By metric key: events of its sources (of a ratio: of the scarcer) by any unit since `from`. */
  events: Record<string, number>;
  /** ISO 8601; absent without exposures. */
  firstExposure?: string;
  /** ISO 8601: the last first exposure or metric event of a counted unit; exposures again tell nothing new. */
  lastEvent?: string;
  /** With `breakdown`: the values with most units, largest first, at most 20; the rest together as `null`. */
  breakdown?: { value: string | null; variants: VariantMoments[] }[];
}

/** An answer, and the query that gave it. */
export interface AskedMoments {
  moments: ExperimentMoments;
  /** Text and parameters, as they went to the store. */
  query: { text: string; parameters: Record<string, unknown> };
  /** Rows read and time taken by the store; not part of what was found. */
  cost: { rows: number; seconds: number };
}
