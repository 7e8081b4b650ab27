import type { Conversions } from "../../arms/simple.ts";
import { invertLogTail } from "../../distributions/invert.ts";
import { logNormalCdf } from "../../distributions/normal.ts";
import type { LiftEnds } from "./fieller.ts";
import { type ArmInterval, moverDifference, moverLift } from "./mover.ts";

/** Wilson's score interval of one proportion (Wilson 1927). */
function wilson({ n, converted }: Conversions, z: number): ArmInterval {
  const value = converted / n;
  const s = (z * z) / n;
  const middle = value + s / 2;
  const half = Math.sqrt(s) * Math.sqrt(value * (1 - value) + s / 4);
  const low = converted === 0 ? 0 : Math.min(value, (middle - half) / (1 + s));
  const high = converted === n ? 1 : Math.max(value, (middle + half) / (1 + s));
  return { value, low, high };
}

/** Beyond these standard errors, 99 %, a score interval of few conversions stops too soon: sequences read farther out. */
const FAR = 2.576;
const STEPS = 50;

/**
 * The least rate at which so many conversions are not rarer than exp(-bits), by Chernoff's bound, which no binomial tail
 * passes: n KL(rate, p) = bits. Newton's steps in log p on a convex function, from below the root.
 */
function chernoffLow({ n, converted }: Conversions, bits: number): number {
  if (converted === 0) return 0;
  const rate = converted / n;
  const others = converted === n ? 0 : (1 - rate) * Math.log1p(-rate);
  const target = rate * Math.log(rate) + others - bits / n;
  let at = target / rate;
  for (let step = 0; step < STEPS; step++) {
    const p = Math.exp(at);
    const excess = rate * at + (1 - rate) * Math.log1p(-p) - target;
    const change = -excess / (rate - ((1 - rate) * p) / (1 - p));
    if (!(change > 1e-14 * Math.abs(at))) break;
    at += change;
  }
  return Math.min(rate, Math.exp(at));
}

/** The limits of one proportion at z: Wilson's, and far out no narrower than Chernoff's. */
function limits(counts: Conversions, z: number): ArmInterval {
  const own = wilson(counts, z);
  if (z <= FAR) return own;
  const bits = -logNormalCdf(-z);
  const { n, converted } = counts;
  const low = Math.min(own.low, chernoffLow(counts, bits));
  return { ...own, low, high: Math.max(own.high, 1 - chernoffLow({ n, converted: n - converted }, bits)) };
}

/**
 * Newcombe's interval (1998, method 10) for treatment - control: it holds its level with few or no conversions,
 * where the normal approximation does not.
 */
export function newcombeDifference(control: Conversions, treatment: Conversions, z: number) {
  const { low, high } = moverDifference(limits(control, z), limits(treatment, z));
  return { low: Math.max(-1, low), high: Math.min(1, high) };
}

/** The same construction for the ratio, as a lift. For a control with conversions; no lift lies below -100 %. */
export function newcombeLift(control: Conversions, treatment: Conversions, z: number): LiftEnds {
  const ends = moverLift(limits(control, z), limits(treatment, z));
  return ends.state === "bounded" ? { ...ends, low: Math.max(-1, ends.low) } : ends;
}

/** z at which Newcombe's interval touches 0, with the sign of the difference: what a z-test's statistic is to its p. */
export function newcombeZ(control: Conversions, treatment: Conversions): number {
  const sign = Math.sign(treatment.converted / treatment.n - control.converted / control.n);
  if (sign === 0) return 0;
  const [low, high] = sign > 0 ? [control, treatment] : [treatment, control];
  return sign * invertLogTail((z) => newcombeDifference(low, high, z).low, 0);
}
