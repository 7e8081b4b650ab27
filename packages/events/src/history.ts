import type { MetricDefinition } from "@telltale/configuration";

/** What values were like before an experiment: asked of all units that were active in an environment. */
export interface HistoryQuery {
  environmentId: string;
  /** The attribute that units are: `targetingKey` or another. */
  by: string;
  /** Units with an exposure or a track event at these times are asked, and only those events. Inclusive. */
  from: Date;
  to: Date;
  metrics: { key: string; definition: MetricDefinition }[];
  /** Longest time the store may take, seconds. */
  limitSeconds?: number | undefined;
  /** Largest share of the store's memory that it may take, up to 1: the rest is for others. */
  limitMemoryShare?: number | undefined;
}

/**
 * A metric's values over units, cut at its cap where that is a given value. A unit's first event stands for its exposure.
 * Nothing in it is NaN or infinite.
 */
export interface ValueHistory {
  /** Of a retention: those whose last day is over. */
  units: number;
  /** Mean over units; of a ratio or a mean over events, numerator over denominator. */
  value: number;
  /** Mean squared deviation from it; of a ratio, of `y - value * x` by the mean of x squared. Above 0. */
  unitVariance: number;
  /** Mean of |deviation|^3 by the standard deviation to the third: at least the skewness' size, and at least 1. */
  skewness: number;
  /**
   * The 99.9th percentile of the totals that are not 0 (type 7, uncut): y's and, of a ratio, x's. Null for kinds without
   * totals, below 100 such units, and where it is not above 0.
   */
  proposedCap: { y: number | null; x: number | null };
}
