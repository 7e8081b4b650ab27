import type { Conversions } from "../arms/simple.ts";
import type { UnknownState } from "../arms/states.ts";
import { toP } from "../distributions/p-value.ts";
import type { Contrast, NoContrast } from "./contrast.ts";
import { fiellerLift, type LiftEnds } from "./fieller.ts";
import { type Method, type Test, testOf } from "./method.ts";
import { newcombeDifference, newcombeLift, newcombeZ } from "./newcombe.ts";
import { type Prior, posterior } from "./posterior.ts";
import type { Comparison, Interval, IntervalOrigin, Outcome } from "./result.ts";

export interface InferenceSettings {
  method: Method;
  /** Two-sided error level in (0, 1); one-sided where the method is. */
  alpha: number;
  /** Which way is good for this metric. */
  direction: "increase" | "decrease";
  /** Adds a posterior of the lift. */
  prior?: Prior;
}

/** What a correction for several tests says of one of them. */
export interface Correction {
  kind: Comparison["correction"];
  /** Error level of this one's interval. */
  level: number;
  adjustedP: number;
}

/** A pair of arms made ready: its difference, and the counts where few conversions ask for Newcombe's interval. */
export interface Pair {
  control: { n: number; value: number | null };
  treatment: { n: number; value: number | null };
  contrast: Contrast | NoContrast;
  counts: { control: Conversions; treatment: Conversions } | null;
}

interface Readout {
  logP: number | null;
  estimate: number;
  ends(critical: number): { low: number; high: number };
  /** Null when the control's mean is 0. */
  lift: { estimate: number; ends(critical: number): LiftEnds } | null;
  test: Test;
  formulas: { difference: IntervalOrigin["formula"]; lift: IntervalOrigin["formula"] };
}

/** -1 where a one-sided test looks for a decrease. */
function sideOf(test: Test, direction: InferenceSettings["direction"]): number {
  return test.oneSided && direction === "increase" ? -1 : 1;
}

function readContrast(contrast: Contrast, settings: InferenceSettings): Readout {
  const { n, df, estimate, variance, base } = contrast;
  const test = testOf(settings.method, { n, df, alpha: settings.alpha });
  const se = Math.sqrt(variance);
  return {
    logP: test.logP((sideOf(test, settings.direction) * estimate) / se),
    estimate,
    ends: (critical) => ({ low: estimate - critical * se, high: estimate + critical * se }),
    lift:
      base.value === 0
        ? null
        : { estimate: estimate / Math.abs(base.value), ends: (critical) => fiellerLift(estimate, base, critical) },
    test,
    formulas: { difference: "welch", lift: "fieller" },
  };
}

function readCounts({ control, treatment }: NonNullable<Pair["counts"]>, settings: InferenceSettings): Readout {
  const n = control.n + treatment.n;
  const test = testOf(settings.method, { n, df: null, alpha: settings.alpha });
  const rate = control.converted / control.n;
  const estimate = treatment.converted / treatment.n - rate;
  const converted = control.converted + treatment.converted;
  const same = converted === 0 || converted === n;
  return {
    logP: same ? null : test.logP(sideOf(test, settings.direction) * newcombeZ(control, treatment)),
    estimate,
    ends: (critical) => newcombeDifference(control, treatment, critical),
    lift:
      rate === 0 ? null : { estimate: estimate / rate, ends: (critical) => newcombeLift(control, treatment, critical) },
    test,
    formulas: { difference: "newcombe", lift: "mover" },
  };
}

function read(pair: Pair, settings: InferenceSettings): Readout | null {
  if (pair.counts) return readCounts(pair.counts, settings);
  return pair.contrast.state === "ok" ? readContrast(pair.contrast, settings) : null;
}

/** log p of a pair before any correction; null when there is none. */
export function logPOf(pair: Pair, settings: InferenceSettings): number | null {
  const logP = read(pair, settings)?.logP ?? null;
  return logP === null || !Number.isFinite(logP) ? null : Math.min(0, logP);
}

/**
 * The last bits of an interval follow the decision that p made: its ends are computed another way and may round to the
 * other side of 0.
 */
export function agree(ends: { low: number; high: number }, side: -1 | 0 | 1): { low: number; high: number } {
  if (side > 0) return { low: Math.max(ends.low, Number.MIN_VALUE), high: Math.max(ends.high, Number.MIN_VALUE) };
  if (side < 0) return { low: Math.min(ends.low, -Number.MIN_VALUE), high: Math.min(ends.high, -Number.MIN_VALUE) };
  return { low: Math.min(ends.low, 0), high: Math.max(ends.high, 0) };
}

function interval(
  estimate: number,
  ends: { low: number; high: number },
  origin: IntervalOrigin,
  tested: "both" | "low" | "high",
): Interval {
  if (tested === "both") return { state: "bounded", estimate, ...ends, ...origin };
  const [low, high] = tested === "low" ? [ends.low, null] : [null, ends.high];
  return { state: "one_sided", estimate, low, high, ...origin };
}

/** Everything about one pair: p, intervals, outcome, posterior. */
export function infer(pair: Pair, settings: InferenceSettings, correction?: Correction): Comparison {
  const readout = read(pair, settings);
  if (!readout) return unknown(pair, pair.contrast.state === "ok" ? "out_of_range" : pair.contrast.state);
  const { estimate, test } = readout;
  const logP = readout.logP === null ? null : Math.min(0, readout.logP);
  const p = logP === null ? null : toP(logP);
  const adjustedP = p === null ? null : (correction?.adjustedP ?? p);
  const level = correction?.level ?? settings.alpha;
  const significant = adjustedP !== null && adjustedP < settings.alpha;
  const side = significant ? (estimate > 0 ? 1 : -1) : 0;
  const critical = test.critical(level);
  const tested = !test.oneSided ? "both" : settings.direction === "increase" ? "high" : "low";
  const origin = (formula: IntervalOrigin["formula"]) => ({ level: 1 - level, method: settings.method.kind, formula });
  const { formulas, lift } = readout;
  const comparison: Comparison = {
    state: logP === null ? "zero_variance" : "ok",
    control: pair.control,
    treatment: pair.treatment,
    difference: interval(estimate, agree(readout.ends(critical), side), origin(formulas.difference), tested),
    lift: liftInterval(lift, critical, side, origin(formulas.lift), tested),
    p,
    logP,
    adjustedP,
    correction: correction?.kind ?? "none",
    outcome: outcomeOf(logP === null ? null : side, settings.direction),
    warnings: pair.contrast.warnings,
    posterior: believe(pair, settings),
  };
  return allFinite(comparison) ? comparison : unknown(pair, "out_of_range");
}

function liftInterval(
  lift: Readout["lift"],
  critical: number,
  side: -1 | 0 | 1,
  origin: IntervalOrigin,
  tested: "both" | "low" | "high",
): Interval {
  if (!lift) return { state: "unknown", reason: "zero_baseline", estimate: null };
  if (!Number.isFinite(lift.estimate)) return { state: "unknown", reason: "out_of_range", estimate: null };
  const ends = lift.ends(critical);
  if (ends.state === "unbounded") return { state: "unbounded", estimate: lift.estimate, ...origin };
  return interval(lift.estimate, agree(ends, side), origin, tested);
}

function outcomeOf(side: -1 | 0 | 1 | null, direction: InferenceSettings["direction"]): Outcome {
  if (side === null) return "unknown";
  if (side === 0) return "unclear";
  return side > 0 === (direction === "increase") ? "better" : "worse";
}

function believe({ contrast }: Pair, { prior, direction, alpha }: InferenceSettings): Comparison["posterior"] {
  if (!prior || contrast.state !== "ok" || contrast.base.value === 0) return null;
  const size = Math.abs(contrast.base.value);
  const standardError = Math.sqrt(contrast.variance) / size;
  return posterior({ estimate: contrast.estimate / size, standardError }, prior, { direction, alpha });
}

function unknown(pair: Pair, reason: UnknownState): Comparison {
  const estimate = pair.contrast.estimate;
  return {
    state: reason,
    control: pair.control,
    treatment: pair.treatment,
    difference: { state: "unknown", reason, estimate },
    lift: { state: "unknown", reason, estimate: null },
    p: null,
    logP: null,
    adjustedP: null,
    correction: "none",
    outcome: "unknown",
    warnings: pair.contrast.warnings,
    posterior: null,
  };
}

/** Is there no NaN and nothing infinite in it, however deep? */
export function allFinite(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  return typeof value !== "object" || value === null || Object.values(value).every(allFinite);
}
