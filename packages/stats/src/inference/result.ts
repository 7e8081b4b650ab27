import type { UnknownState, Warning } from "../arms/states.ts";
import type { Posterior } from "./posterior.ts";

/** How an interval was made: the method's kind, and the formula. */
export interface IntervalOrigin {
  /**
   * Share of such intervals that hold the truth: 1 - alpha, after correction for several tests. Of a one-sided test
   * 1 - 2 alpha: each end is a bound at alpha by itself, and the bad one never excludes 0. Of guardrails too each end is
   * a bound by itself: this is the level of the end that shows safety; the end that shows harm is corrected.
   */
  level: number;
  method: "fixed" | "sequence" | "group";
  formula: "welch" | "fieller" | "newcombe" | "mover";
}

/**
 * An interval, or why there is none. One-sided intervals have one end, the other is null. `unbounded`: the control's
 * mean cannot be distinguished from 0, so that any lift, however large, fits the data. `drifted`: intervals of earlier
 * looks and later ones have nothing in common, the effect changed.
 */
export type Interval =
  | ({ state: "bounded"; estimate: number; low: number; high: number } & IntervalOrigin)
  | ({ state: "one_sided"; estimate: number; low: number | null; high: number | null } & IntervalOrigin)
  | ({ state: "unbounded"; estimate: number } & IntervalOrigin)
  | { state: "unknown"; reason: UnknownState | "zero_baseline" | "drifted"; estimate: number | null };

/** `unclear`: the interval covers 0. `unknown`: nothing can be said (see the state). This is the colour of a cell. */
export type Outcome = "better" | "worse" | "unclear" | "unknown";

/**
 * One treatment against the control. p, the intervals and the outcome never contradict each other: `adjustedP` < alpha,
 * an interval without 0 and an outcome `better` or `worse` come together or not at all. JSON-safe: what cannot be known
 * is a named state or null, never NaN, Infinity or a p of 0.
 */
export interface Comparison {
  state: "ok" | UnknownState;
  /** Units (clusters) and mean, rate, ratio or quantile; CUPED's adjusted mean. */
  control: { n: number; value: number | null };
  treatment: { n: number; value: number | null };
  /** treatment - control, in the metric's unit. */
  difference: Interval;
  /** (treatment - control) / |control|, a fraction: 0.08 is +8 %. */
  lift: Interval;
  /**
   * In (0, 1]; values under 1e-300 read as 1e-300. Of a one-sided test against the good direction; of guardrails
   * one-sided, in the direction of the difference.
   */
  p: number | null;
  /** Natural logarithm of p, which does not underflow. */
  logP: number | null;
  /** p corrected for several tests; p itself where nothing was corrected. */
  adjustedP: number | null;
  correction: "none" | "holm" | "benjamini_hochberg" | "bonferroni";
  outcome: Outcome;
  /**
   * Units of both arms, about, from which on all of it can be read: with the state `too_skewed`, and with a guardrail
   * that has one end the other; null where nothing is missing or that is not known.
   */
  needs: number | null;
  warnings: Warning[];
  /** When a prior was given and the lift is known. */
  posterior: Posterior | null;
}
