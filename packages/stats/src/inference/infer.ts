import type { UnknownState } from "../arms/states.ts";
import { toP } from "../distributions/p-value.ts";
import { agree, allFinite, endedInterval, liftInterval, unknownInterval } from "./formulas/interval.ts";
import { type Method, oneSidedTestOf, type Sides, type Test, testOf } from "./method.ts";
import { type Prior, posterior } from "./posterior.ts";
import { type Pair, type Readout, readPair, whyUnread } from "./readout.ts";
import type { Comparison, IntervalOrigin, Outcome } from "./result.ts";
import { type Tails, unitsThatBear } from "./tails.ts";

export interface InferenceSettings {
  method: Method;
  /** Error level in (0, 1). */
  alpha: number;
  /** `one`: only the good direction is tested, with all of alpha. Default `two`. */
  sides?: Sides | undefined;
  /** Which way is good for this metric. */
  direction: "increase" | "decrease";
  /** How many tests share alpha: each is decided at its share of it. */
  tests: number;
  /** What is known of single values' reach; undefined checks nothing. */
  tails?: Tails | undefined;
  /** Adds a posterior of the lift. */
  prior?: Prior | undefined;
}

/** What a correction for several tests says of one of them. */
export interface Correction {
  kind: Comparison["correction"];
  /** Error level of this one's interval. */
  level: number;
  adjustedP: number;
}

/** A pair and its test, made once: a correction asks for its p before the pair's own result is known. */
export interface Tested {
  pair: Pair;
  settings: InferenceSettings;
  /** Null where the pair cannot be compared. */
  found: {
    readout: Readout;
    test: Test;
    /** Units of both arms until the values' skewness is tolerated: 0 for none, null where that is unknown. */
    missing: number | null;
    /** Before any correction; null where there is no spread. */
    logP: number | null;
  } | null;
}

export function testPair(pair: Pair, settings: InferenceSettings): Tested {
  const readout = readPair(pair);
  if (!readout) return { pair, settings, found: null };
  const test = testBy(settings, sizeOf(pair, readout, settings));
  const missing = unitsMissing(pair, readout, settings);
  const logP = readout.z === null ? null : Math.min(0, test.logP(towards(settings, readout.z)));
  return { pair, settings, found: { readout, test, missing, logP } };
}

/** log p as a correction counts it: null when there is none, 0 while the values are too skewed for one. */
export function countedLogP({ found }: Tested): number | null {
  if (!found || found.logP === null) return null;
  if (found.missing !== 0) return 0;
  return Number.isFinite(found.logP) ? found.logP : null;
}

function sizeOf({ looks }: Pair, { information, df }: Readout, { alpha }: { alpha: number }) {
  return { n: information, df, alpha, looks };
}

function testBy({ method, sides }: InferenceSettings, size: ReturnType<typeof sizeOf>): Test {
  return sides === "one" ? oneSidedTestOf(method, size) : testOf(method, size);
}

/** z as the test takes it: of one side positive in the good direction. */
function towards({ sides, direction }: InferenceSettings, z: number): number {
  return sides === "one" && direction === "decrease" ? -z : z;
}

/** The direction that was found; a one-sided test finds the good one only. */
function sideOf({ sides, direction }: InferenceSettings, estimate: number): -1 | 0 | 1 {
  const side = estimate > 0 ? 1 : -1;
  return sides === "one" && side > 0 !== (direction === "increase") ? 0 : side;
}

function unitsMissing(pair: Pair, readout: Readout, settings: InferenceSettings): number | null {
  const { method, alpha, tests, tails, sides } = settings;
  if (!tails) return 0;
  const criticalAt = (times: number) => {
    const size = { ...sizeOf(pair, readout, settings), n: readout.information * times };
    return testBy(settings, size).critical(alpha / tests);
  };
  return unitsThatBear(
    pair,
    tails,
    criticalAt,
    sides === "one" && method.kind !== "sequence" ? "oneSided" : method.kind,
  );
}

/** Everything about one pair: p, intervals, outcome, posterior. */
export function infer({ pair, settings, found }: Tested, correction?: Correction): Comparison {
  if (!found) return unknown(pair, whyUnread(pair));
  const { readout, test, missing, logP } = found;
  if (missing !== 0) return tooSkewed(pair, readout, missing);
  const { estimate, lift, formulas } = readout;
  const p = logP === null ? null : toP(logP);
  const adjustedP = p === null ? null : (correction?.adjustedP ?? p);
  const level = correction?.level ?? settings.alpha;
  const isSignificant = adjustedP !== null && adjustedP < settings.alpha;
  const side = isSignificant ? sideOf(settings, estimate) : 0;
  const critical = test.critical(level);
  const ends = readout.ends(critical);
  if (ends.low === null || ends.high === null) return unknown(pair, whyUnread(pair), estimate);
  // Each end of a one-sided test is a bound at the level: both together miss twice as often.
  const share = Math.max(0, 1 - (settings.sides === "one" ? 2 * level : level));
  const origin = (formula: IntervalOrigin["formula"]) => ({ level: share, method: settings.method.kind, formula });
  const comparison: Comparison = {
    state: logP === null ? "zero_variance" : "ok",
    control: pair.control,
    treatment: pair.treatment,
    difference: endedInterval(estimate, agree(ends, side), origin(formulas.difference)),
    lift: liftInterval(
      lift && { estimate: lift.estimate, ends: lift.ends(critical) },
      ends,
      side,
      origin(formulas.lift),
    ),
    p,
    logP,
    adjustedP,
    correction: correction?.kind ?? "none",
    outcome: logP === null ? "unknown" : outcomeOf(side, settings.direction),
    needs: null,
    warnings: pair.contrast.warnings,
    posterior: believe(pair, settings),
  };
  return allFinite(comparison) ? comparison : unknown(pair, "out_of_range");
}

export function outcomeOf(side: -1 | 0 | 1, direction: InferenceSettings["direction"]): Outcome {
  if (side === 0) return "unclear";
  return side > 0 === (direction === "increase") ? "better" : "worse";
}

export function believe(
  { contrast }: Pair,
  { prior, direction, alpha }: Pick<InferenceSettings, "prior" | "direction" | "alpha">,
): Comparison["posterior"] {
  if (!prior || contrast.state !== "ok" || contrast.base.value === 0) return null;
  const size = Math.abs(contrast.base.value);
  const standardError = Math.sqrt(contrast.variance) / size;
  return posterior({ estimate: contrast.estimate / size, standardError }, prior, { direction, alpha });
}

/** A pair whose values reach too far to be read yet: the estimates stand, without an interval or p. */
export function tooSkewed(pair: Pair, { estimate, lift }: Readout, needs: number | null): Comparison {
  const known = lift && Number.isFinite(lift.estimate) ? lift.estimate : null;
  return { ...unknown(pair, "too_skewed", estimate), lift: unknownInterval("too_skewed", known), needs };
}

/** A pair of which nothing is said, and why. */
export function unknown(pair: Pair, reason: UnknownState, estimate = pair.contrast.estimate): Comparison {
  return {
    state: reason,
    control: pair.control,
    treatment: pair.treatment,
    difference: unknownInterval(reason, estimate),
    lift: unknownInterval(reason),
    p: null,
    logP: null,
    adjustedP: null,
    correction: "none",
    outcome: "unknown",
    needs: null,
    warnings: pair.contrast.warnings,
    posterior: null,
  };
}
