import { panelNodes } from "../../distributions/gauss-legendre.ts";
import { logNormalCdf, logNormalTail, normalQuantileOfLog } from "../../distributions/normal.ts";
import { CLOSEST, lookTimes } from "./look-times.ts";

/** Nothing of the density lies beyond so many standard deviations, unless the boundary itself lies beyond. */
const REACH = 9;
/** Beyond so many standard deviations a density underflows. */
const FARTHEST = 38;
const LOG_TWO = Math.LN2;
/** Levels below are not distinguished. */
const SMALLEST_LOG = -690;
/** Looks that one plan may have. */
export const MOST_LOOKS = 50;

/**
 * log of the error spent by information fraction t: 2 x 2(1 - Φ(z_{1-alpha/4} / sqrt t)), the O'Brien-Fleming type of
 * Lan & DeMets 1983, both sides together.
 */
function logSpent(logAlpha: number, t: number): number {
  const z = normalQuantileOfLog(logAlpha - LOG_TWO);
  return Math.min(0, LOG_TWO + logNormalTail(z / Math.sqrt(Math.min(1, t))));
}

const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);
const MOST_STEPS = 60;
/** A boundary that moves by a smaller share of itself is found. */
const CLOSE = 1e-14;

/** Where the experiment goes on: the score's density times the weight of its node. */
interface Going {
  nodes: { at: number; mass: number }[];
}

/** Mass that a density carried over an information step leaves at x. */
function arriving(going: Going, x: number, step: number): number {
  const inverse = -1 / (2 * step);
  let sum = 0;
  for (const { at, mass } of going.nodes) sum += mass * Math.exp(inverse * (x - at) * (x - at));
  return sum / Math.sqrt(2 * Math.PI * step);
}

/** Carries the density over an information step and cuts it at the boundary. */
function carry(going: Going, step: number, bound: number, drift: number, total: number, next: number): Going {
  const middle = drift * total;
  const sd = Math.sqrt(total);
  const reach = Math.min(FARTHEST, Math.max(REACH, bound / sd)) * sd;
  const [low, high] = [Math.max(-bound, middle - reach), Math.min(bound, middle + reach)];
  const panels = Math.max(4, Math.ceil((high - low) / Math.sqrt(Math.min(step, next))));
  const ends = Array.from({ length: panels + 1 }, (_, i) => low + ((high - low) * i) / panels);
  const nodes = panelNodes(low < high ? ends : []).map(({ at, weight }) => {
    return { at, mass: weight * arriving(going, at - drift * step, step) };
  });
  return { nodes: nodes.filter(({ mass }) => mass > 0) };
}

const START: Going = { nodes: [{ at: 0, mass: 1 }] };
/** Terms that are smaller than the largest by this factor, as a logarithm, are no part of a sum. */
const NOTHING = 45;

interface Term {
  /** Standard deviations from the node to the boundary, negative while inside. */
  z: number;
  logMass: number;
}

/** The nodes that matter for leaving upwards (`side` 1) or downwards. */
function leaving({ nodes }: Going, step: number, bound: number, drift: number, side: 1 | -1): Term[] {
  const sd = Math.sqrt(step);
  // Φ(-u) lies between exp(-u^2 / 2) / (2.6 (1 + u)) and exp(-u^2 / 2).
  let sure = Number.NEGATIVE_INFINITY;
  const all = nodes.map(({ at, mass }) => {
    const z = (side * (at + drift * step) - bound) / sd;
    const inside = Math.min(0, z);
    const logMass = Math.log(mass);
    const most = logMass - (inside * inside) / 2;
    sure = Math.max(sure, most - 1 - Math.log1p(-inside));
    return { z, logMass, most };
  });
  return all.filter(({ most }) => most >= sure - NOTHING);
}

function logSum(terms: readonly number[]): number {
  const top = terms.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  if (top === Number.NEGATIVE_INFINITY) return top;
  return top + Math.log(terms.reduce((sum, term) => sum + Math.exp(term - top), 0));
}

const logTail = ({ z, logMass }: Term) => logMass + logNormalCdf(z);

/** log of the probability of leaving [-bound, bound] at this step. */
function logLeaving(from: Going, step: number, bound: number, drift: number): number {
  const [up, down] = ([1, -1] as const).map((side) => leaving(from, step, bound, drift, side).map(logTail));
  return logSum([...(up ?? []), ...(down ?? [])]);
}

/**
 * The boundary that is left with a probability of log `target`, without drift: a tail of a log-concave density, so that
 * Newton's steps from a single look's boundary, which lies outside, come down to it without passing it.
 */
function boundaryFor(from: Going, step: number, total: number, target: number): number {
  let bound = normalQuantileOfLog(target) * Math.sqrt(total);
  for (let i = 0; i < MOST_STEPS && bound > 0; i++) {
    const terms = leaving(from, step, bound, 0, 1);
    const logUp = logSum(terms.map(logTail));
    const excess = target - LOG_TWO - logUp;
    const logDensity = logSum(terms.map(({ z, logMass }) => logMass - (z * z) / 2)) - HALF_LOG_TWO_PI;
    const change = excess * Math.sqrt(step) * Math.exp(logUp - logDensity);
    if (!(change > CLOSE * bound)) break;
    bound = Math.max(0, bound - change);
  }
  return bound;
}

/**
 * Increasing information fractions in (0, 1], at most 50, and not so close that between them nothing can be learnt.
 * Throws RangeError otherwise: a plan is the caller's.
 */
function checkFractions(fractions: readonly number[]): void {
  const rising = fractions.every((t, i) => t > 0 && t <= 1 && t - (fractions[i - 1] ?? -1) >= CLOSEST * (1 - 1e-9));
  if (!rising || fractions.length === 0 || fractions.length > MOST_LOOKS) {
    throw new RangeError(`Information fractions must rise in (0, 1], ${CLOSEST} apart, and be 1 to ${MOST_LOOKS}.`);
  }
}

/** By look: the fraction by which the error is spent, and the information that was there. */
interface Looks {
  fractions: readonly number[];
  times: readonly number[];
}

function looksOf(fractions: readonly number[], information: readonly number[] | null): Looks {
  checkFractions(fractions);
  return { fractions, times: lookTimes(fractions, information) };
}

/** A plan is asked for the same levels again by every metric and refresh. */
const known = new Map<string, readonly number[]>();
const MOST_KNOWN = 2_000;

/** z at which each look stops, from the logarithm of the two-sided level; kept for the next time. */
function boundariesOfLog(looks: Looks, logAlpha: number): readonly number[] {
  const key = `${logAlpha}:${looks.fractions.join()}:${looks.times.join()}`;
  const before = known.get(key);
  if (before) return before;
  const found = findBoundaries(looks, logAlpha);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(key, found);
  return found;
}

function findBoundaries({ fractions, times }: Looks, logAlpha: number): number[] {
  checkFractions(times);
  const boundaries: number[] = [];
  let going = START;
  let [at, spent] = [0, Number.NEGATIVE_INFINITY];
  for (const [index, t] of times.entries()) {
    const step = t - at;
    const total = logSpent(logAlpha, fractions[index] ?? t);
    const target = total + Math.log(-Math.expm1(Math.min(-1e-15, spent - total)));
    const bound = boundaryFor(going, step, t, target);
    boundaries.push(bound / Math.sqrt(t));
    const next = times[index + 1];
    if (next !== undefined) going = carry(going, step, bound, 0, t, next - t);
    [at, spent] = [t, total];
  }
  return boundaries;
}

/**
 * z at which each look of a group sequential test stops, for information fractions of the planned total: Lan-DeMets
 * spending of O'Brien-Fleming type, by recursive integration (Armitage, McPherson & Rowe 1969). Five equal looks at
 * 0.05: 4.877, 3.357, 2.680, 2.290, 2.031. For `information` see `lookTimes`.
 */
export function groupBoundaries(
  fractions: readonly number[],
  alpha: number,
  information: readonly number[] | null = null,
): number[] {
  return [...boundariesOfLog(looksOf(fractions, information), Math.log(alpha))];
}

/** Logarithms of levels between which a repeated p is looked for; their boundaries are kept. */
const LEVELS = [
  SMALLEST_LOG,
  -500,
  -350,
  -220,
  -140,
  -90,
  -60,
  -40,
  -28,
  -20,
  -15,
  -11,
  -8,
  -6,
  -4.5,
  -3.2,
  -2.2,
  -1.4,
  -0.8,
  -0.4,
  -0.15,
  -0.05,
  -1e-9,
];

/** Neighbours in the list whose boundaries lie around |z|; null near a level of 1. */
function bracket(size: number, boundary: (logAlpha: number) => number): [low: number, high: number] | null {
  // A single look's p is the least it can be; the margin is for rounding.
  const least = logNormalTail(size) * (1 + 1e-9);
  let low = LEVELS.findLast((level) => level < least) ?? SMALLEST_LOG;
  for (const high of LEVELS.filter((level) => level > low)) {
    if (boundary(high) < size) return [low, high];
    low = high;
  }
  return null;
}

/**
 * log of the repeated p-value (Jennison & Turnbull 1989) at the last look: the level at which its boundary would be |z|.
 * Below a level of 1e-300 the answer is a bound.
 */
export function logGroupP(
  z: number,
  fractions: readonly number[],
  information: readonly number[] | null = null,
): number {
  const size = Math.abs(z);
  const looks = looksOf(fractions, information);
  const kept = (logAlpha: number) => boundariesOfLog(looks, logAlpha).at(-1) ?? 0;
  if (logNormalTail(size) <= SMALLEST_LOG && kept(SMALLEST_LOG) <= size) return SMALLEST_LOG;
  const around = bracket(size, kept);
  if (!around) return 0;
  // Illinois on the squares, which are nearly linear in the logarithm of the level.
  const above = (bound: number) => bound * bound - size * size;
  let [low, high] = around;
  let [atLow, atHigh, last] = [above(kept(low)), above(kept(high)), 0];
  for (let i = 0; i < 60 && high - low > 1e-11 * -high; i++) {
    const middle = (low * atHigh - high * atLow) / (atHigh - atLow);
    const value = above(findBoundaries(looks, middle).at(-1) ?? 0);
    if (Math.abs(value) < 1e-12 * size * size) return middle;
    if (value > 0) [low, atLow, atHigh, last] = [middle, value, last > 0 ? atHigh / 2 : atHigh, 1];
    else [high, atHigh, atLow, last] = [middle, value, last < 0 ? atLow / 2 : atLow, -1];
  }
  return high;
}

/**
 * Probability that a group sequential test with these boundaries stops by each look, when the expected z at full
 * information is `drift`.
 */
export function stoppingProbabilities(
  fractions: readonly number[],
  boundaries: readonly number[],
  drift: number,
): number[] {
  checkFractions(fractions);
  let going = START;
  let [at, stopped] = [0, 0];
  return fractions.map((t, index) => {
    const step = t - at;
    const bound = (boundaries[index] ?? Number.MAX_VALUE) * Math.sqrt(t);
    stopped += Math.exp(logLeaving(going, step, bound, drift));
    going = carry(going, step, bound, drift, t, (fractions[index + 1] ?? t + step) - t);
    at = t;
    return Math.min(1, stopped);
  });
}
