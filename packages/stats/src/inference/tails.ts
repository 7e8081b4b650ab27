import { logNormalCdf, normalDensity } from "../distributions/normal.ts";
import type { Contrast } from "./contrast.ts";
import type { Pair } from "./readout.ts";

/**
 * How far single units' values reach, known before the start: with it a test knows from how many units on its normal
 * approximation holds. With neither number nothing is decided. A metric without `tails` is not checked.
 */
export interface Tails {
  /** Size of the skewness of one unit's value at most, from history. */
  skewness: number | null;
  /** Most that one unit's value can lie from the mean, by a cap that was fixed before the start. */
  reach: number | null;
}

/**
 * Skewness to count on by a history that measured it over so many units. A short one lacks what lies far out: what it
 * measured is at most the root of its units, and the nearer it is to that, the more hangs on a few of them. So four times
 * the square of that part is added: 10 measured over 1,000 units counts as 14, over 100,000 as 10.04. By simulation (4,000 runs)
 * the worst cell, money without a cap known by 1,000 units and read once with 5 % treated, is at 6.3 % with it.
 */
function skewnessByHistory(measured: number, units: number): number {
  return units > 0 ? measured * (1 + (4 * measured * measured) / units) : Number.POSITIVE_INFINITY;
}

/** What values showed of their skewness, over so many units. */
export interface Measured {
  skewness: number;
  units: number;
}

/**
 * What the experiment's own values show counts for a tenth less: it is an estimate, and counted whole a plan whose
 * history is true would end undecided in one of ten experiments because its own values look a little more skewed.
 */
const OWN_COUNTS = 0.9;

/**
 * Skewness to count on by a history and by the experiment's own values: the larger of both, so that decisions wait longer
 * where values are more skewed than the plan knew. Own values alone tell nothing: their largest have not come yet, and
 * without them the experiment looks ready.
 */
export function skewnessByBoth(history: Measured, own: Measured | null): number {
  const known = skewnessByHistory(history.skewness, history.units);
  return own ? Math.max(known, OWN_COUNTS * skewnessByHistory(own.skewness, own.units)) : known;
}

/**
 * By how much the error of a tail may be off, a fraction of itself, so that 5 % stay 5 % to within half a per cent. A
 * sequence at a hundred looks uses half of its error: its tail may be 2.5 times as large. One tail read once may not be
 * off by more than a tenth; of two tails one loses what the other gains, but only to first order. The simulation holds
 * them all to their bands: at 3, 1 and 0.25 the worst cells are at 7, 7.8 and 7.2 %.
 */
const TOLERATED = { sequence: 1.5, group: 0.4, fixed: 0.4, oneSided: 0.1 } as const;

/** Skewness of the difference of two means when one unit's is 1: 0 for equal arms, 1 / sqrt(n) for one small arm. */
function skewnessOfDifference(control: number, treatment: number): number {
  const [c, t] = [1 / control, 1 / treatment];
  return Math.abs(t * t - c * c) / (t + c) ** 1.5;
}

/**
 * Relative error of a studentised mean's tail beyond z, for a skewness of 1: the first term of Edgeworth's expansion,
 * (2 z^2 + 1) / 6 times the hazard of the normal distribution (Hall 1992, section 2.6).
 */
function errorOfTail(z: number): number {
  const hazard = normalDensity(z) / Math.exp(logNormalCdf(-z));
  return ((2 * z * z + 1) / 6) * (Number.isFinite(hazard) ? hazard : z);
}

/** The unit variance of both arms together. */
function pooledVariance({ sides: { control, treatment } }: Contrast): number {
  const both = control.n + treatment.n;
  return (control.n * control.n * control.variance + treatment.n * treatment.n * treatment.variance) / both;
}

/** Size of the skewness of one unit's value at most, by what is known and its deviation; null where nothing is. */
function skewnessBy({ skewness, reach }: Tails, deviation: number): number | null {
  const byReach = reach === null || !(deviation > 0) ? null : reach / deviation;
  if (byReach === null && skewness === null) return null;
  return Math.min(byReach ?? Number.POSITIVE_INFINITY, skewness ?? Number.POSITIVE_INFINITY);
}

/** Relative error of a tail beyond the critical value, by the tolerated one: 1 or less is tolerated. */
function errorBy(skewness: number, critical: number, kind: keyof typeof TOLERATED): number {
  return (skewness * errorOfTail(critical)) / TOLERATED[kind];
}

/**
 * A plan asks for this share of the tolerated error, a tenth more units: how far a cap reaches is told in deviations, and
 * that of the data is an estimate. Planned for the very edge, half of the experiments would end a hair before it.
 */
const PLANNED_ERROR = 0.95;

/**
 * Whether a test tolerates values of such tails with so many units in each arm: what a plan goes by. False where
 * nothing is known of the tails.
 */
export function areTailsBorne(
  tails: Tails,
  { control, treatment, deviation }: { control: number; treatment: number; deviation: number },
  critical: number,
  kind: keyof typeof TOLERATED,
): boolean {
  const skewness = skewnessBy(tails, deviation);
  return (
    skewness !== null && errorBy(skewness * skewnessOfDifference(control, treatment), critical, kind) <= PLANNED_ERROR
  );
}

/** Rounds in which the units needed and what a test asks for with so many of them settle. */
const ROUNDS = 6;

/**
 * Units of both arms, at the shares that they have now, from which on a normal approximation allows a decision; 0 where
 * these bear it already, null where nothing is known of the tails. `criticalAt` is the critical value with so many times
 * the units there are: that of a sequence moves. Intervals by counts or by the order of values use no such approximation.
 */
export function unitsThatBear(
  { contrast, counts, orders }: Pair,
  tails: Tails,
  criticalAt: (times: number) => number,
  kind: keyof typeof TOLERATED,
): number | null {
  if (counts || orders || contrast.state !== "ok") return 0;
  const deviation = Math.sqrt(pooledVariance(contrast));
  const skewness = skewnessBy(tails, deviation);
  if (skewness === null) return null;
  const { control, treatment } = contrast.sides;
  const own = skewness * skewnessOfDifference(control.n, treatment.n);
  /** How many times the units it takes at the critical value of so many. */
  const timesNeeded = (times: number) => errorBy(own, criticalAt(times), kind) ** 2;
  let times = timesNeeded(1);
  if (times <= 1) return 0;
  for (let round = 0; round < ROUNDS && Number.isFinite(times); round++) times = Math.max(1, timesNeeded(times));
  if (!Number.isFinite(times)) return null;
  return Math.min(Number.MAX_SAFE_INTEGER, Math.ceil(contrast.n * times));
}
