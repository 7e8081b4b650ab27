import type { Conversions } from "../arms/simple.ts";
import { invertLogTail } from "../distributions/invert.ts";
import type { LiftEnds } from "./fieller.ts";
import { type Limits, moverDifference, moverLift } from "./mover.ts";

/** Wilson's score interval of one proportion (Wilson 1927). */
function wilson({ n, converted }: Conversions, z: number): Limits {
  const value = converted / n;
  const s = (z * z) / n;
  const middle = value + s / 2;
  const half = Math.sqrt(s) * Math.sqrt(value * (1 - value) + s / 4);
  const low = converted === 0 ? 0 : Math.min(value, (middle - half) / (1 + s));
  const high = converted === n ? 1 : Math.max(value, (middle + half) / (1 + s));
  return { value, low, high };
}

/**
 * Newcombe's interval (1998, method 10) for treatment - control: it holds its level with few or no conversions,
 * where the normal approximation does not.
 */
export function newcombeDifference(control: Conversions, treatment: Conversions, z: number) {
  const { low, high } = moverDifference(wilson(control, z), wilson(treatment, z));
  return { low: Math.max(-1, low), high: Math.min(1, high) };
}

/** The same construction for the ratio, as a lift. For a control with conversions; no lift lies below -100 %. */
export function newcombeLift(control: Conversions, treatment: Conversions, z: number): LiftEnds {
  const ends = moverLift(wilson(control, z), wilson(treatment, z));
  return ends.state === "bounded" ? { ...ends, low: Math.max(-1, ends.low) } : ends;
}

/** z at which Newcombe's interval touches 0, with the sign of the difference: what a z-test's statistic is to its p. */
export function newcombeZ(control: Conversions, treatment: Conversions): number {
  const sign = Math.sign(treatment.converted / treatment.n - control.converted / control.n);
  if (sign === 0) return 0;
  const [low, high] = sign > 0 ? [control, treatment] : [treatment, control];
  return sign * invertLogTail((z) => newcombeDifference(low, high, z).low, 0);
}
