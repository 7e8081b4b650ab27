import { panelNodes } from "../distributions/gauss-legendre.ts";
import { invertLogTail } from "../distributions/invert.ts";
import { logNormalCdf, logNormalTail, normalQuantileOfLog } from "../distributions/normal.ts";

/** Nothing of the density lies beyond so many standard deviations, unless the boundary itself lies beyond. */
const REACH = 9;
/** Beyond so many standard deviations a density underflows. */
const FARTHEST = 38;
const LOG_TWO = Math.LN2;
/** A term this much smaller on the log scale is nothing. */
const LOST = 40;
/** Levels below are not told apart. */
const SMALLEST_LOG = -690;
/** A p above it is 1. */
const LARGEST_LOG = -1e-9;
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

/** The score's density where the experiment goes on, as masses at nodes, those nearest to the boundary first. */
interface Going {
  nodes: { at: number; mass: number; logMass: number }[];
}

/** Carries the density over an information step and cuts it at the boundary. */
function carry(going: Going | null, step: number, bound: number, drift: number, total: number, next: number): Going {
  const middle = drift * total;
  const sd = Math.sqrt(total);
  const reach = Math.min(FARTHEST, Math.max(REACH, bound / sd)) * sd;
  const [low, high] = [Math.max(-bound, middle - reach), Math.min(bound, middle + reach)];
  const panels = Math.max(4, Math.ceil((high - low) / Math.sqrt(Math.min(step, next))));
  const ends = Array.from({ length: panels + 1 }, (_, i) => low + ((high - low) * i) / panels);
  const sources = going?.nodes ?? [{ at: 0, mass: 1 }];
  const top = 1 / Math.sqrt(2 * Math.PI * step);
  const nodes = panelNodes(low < high ? ends : []).flatMap(({ at, weight }) => {
    let density = 0;
    for (const from of sources) {
      const x = at - from.at - drift * step;
      density += from.mass * Math.exp((-x * x) / (2 * step));
    }
    const mass = density * top * weight;
    return mass > 0 ? [{ at, mass, logMass: Math.log(mass) }] : [];
  });
  return { nodes: nodes.sort((a, b) => Math.abs(b.at) - Math.abs(a.at)) };
}

/** log of the probability of leaving [-bound, bound] at this step. */
function logLeaving(going: Going | null, step: number, bound: number, drift: number): number {
  const sd = Math.sqrt(step);
  const leave = (from: number) => {
    const to = from + drift * step;
    const near = logNormalCdf((Math.abs(to) - bound) / sd);
    // log(far / near) <= -2 |to| bound / step: the far side is lost in the near one's rounding.
    if (2 * Math.abs(to) * bound > LOST * step) return near;
    return near + Math.log1p(Math.exp(logNormalCdf((-Math.abs(to) - bound) / sd) - near));
  };
  if (!going) return leave(0);
  // Without drift both halves are alike.
  const isEven = drift === 0;
  const terms: number[] = [];
  let top = Number.NEGATIVE_INFINITY;
  for (const { at, logMass } of going.nodes) {
    if (isEven && at <= 0) continue;
    const short = Math.max(0, bound - Math.abs(at + drift * step)) / sd;
    // No tail is above exp(-short^2 / 2), and both sides are twice it at most.
    if (logMass - (short * short) / 2 + LOG_TWO < top - LOST) continue;
    const term = logMass + leave(at);
    terms.push(term);
    top = Math.max(top, term);
  }
  if (top === Number.NEGATIVE_INFINITY) return top;
  return (isEven ? LOG_TWO : 0) + top + Math.log(terms.reduce((sum, term) => sum + Math.exp(term - top), 0));
}

/** Increasing information fractions in (0, 1], at most 50. Throws RangeError otherwise: a plan is the caller's. */
function checkFractions(fractions: readonly number[]): void {
  const rising = fractions.every((t, i) => t > (fractions[i - 1] ?? 0) && t <= 1);
  if (!rising || fractions.length === 0 || fractions.length > MOST_LOOKS) {
    throw new RangeError(`Information fractions must rise in (0, 1] and be 1 to ${MOST_LOOKS}.`);
  }
}

/** z at which each look stops, from the logarithm of the two-sided level. */
export function boundariesOfLog(fractions: readonly number[], logAlpha: number): number[] {
  checkFractions(fractions);
  const boundaries: number[] = [];
  let going: Going | null = null;
  let [at, spent] = [0, Number.NEGATIVE_INFINITY];
  for (const [index, t] of fractions.entries()) {
    const step = t - at;
    const total = logSpent(logAlpha, t);
    const target = total + Math.log(-Math.expm1(Math.min(-1e-15, spent - total)));
    const from = going;
    const bound = invertLogTail((b) => logLeaving(from, step, b * Math.sqrt(t), 0), target);
    boundaries.push(bound);
    const next = fractions[index + 1];
    if (next !== undefined) going = carry(from, step, bound * Math.sqrt(t), 0, t, next - t);
    [at, spent] = [t, total];
  }
  return boundaries;
}

/**
 * z at which each look of a group sequential test stops, for information fractions of the planned total: Lan-DeMets
 * spending of O'Brien-Fleming type, by recursive integration (Armitage, McPherson & Rowe 1969). Five equal looks at
 * 0.05: 4.877, 3.357, 2.680, 2.290, 2.031.
 */
export function groupBoundaries(fractions: readonly number[], alpha: number): number[] {
  return boundariesOfLog(fractions, Math.log(alpha));
}

/**
 * log of the repeated p-value (Jennison & Turnbull 1989) at the last look: the level at which its boundary would be |z|.
 * Below a level of 1e-300 the answer is a bound.
 */
export function logGroupP(z: number, fractions: readonly number[]): number {
  const size = Math.abs(z);
  const boundary = (logAlpha: number) => boundariesOfLog(fractions, logAlpha).at(-1) ?? 0;
  const excess = (logAlpha: number) => boundary(logAlpha) ** 2 - size * size;
  // A single look's p is the least it can be.
  let low = Math.max(SMALLEST_LOG, logNormalTail(size));
  let atLow = excess(low);
  if (atLow <= 0) return low;
  // The boundary lies above the single look's by nearly the same at near levels: twice that far is most often enough.
  const farther = Math.max(0, size - 2 * (Math.sqrt(atLow + size * size) - size));
  let high = Math.max(low, Math.min(LARGEST_LOG, logNormalTail(farther)));
  let atHigh = excess(high);
  if (atHigh >= 0) [high, atHigh] = [LARGEST_LOG, excess(LARGEST_LOG)];
  if (atHigh >= 0) return 0;
  // Illinois on the squares, which are nearly linear in the logarithm of the level.
  let last = 0;
  for (let i = 0; i < 60 && high - low > 1e-11 * -high; i++) {
    const middle = (low * atHigh - high * atLow) / (atHigh - atLow);
    const value = excess(middle);
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
  let going: Going | null = null;
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
