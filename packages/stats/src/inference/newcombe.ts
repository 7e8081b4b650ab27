import type { Conversions } from "../arms/simple.ts";
import { invertLogTail } from "../distributions/invert.ts";
import type { LiftEnds } from "./fieller.ts";

interface Wilson {
  rate: number;
  low: number;
  high: number;
}

/** Wilson's score interval of one proportion (Wilson 1927). */
function wilson({ n, converted }: Conversions, z: number): Wilson {
  const rate = converted / n;
  const s = (z * z) / n;
  const middle = rate + s / 2;
  const half = Math.sqrt(s) * Math.sqrt(rate * (1 - rate) + s / 4);
  const low = converted === 0 ? 0 : Math.min(rate, (middle - half) / (1 + s));
  const high = converted === n ? 1 : Math.max(rate, (middle + half) / (1 + s));
  return { rate, low, high };
}

/**
 * Newcombe's interval (1998, method 10) for treatment - control: it holds its level with few or no conversions,
 * where the normal approximation does not.
 */
export function newcombeDifference(control: Conversions, treatment: Conversions, z: number) {
  const c = wilson(control, z);
  const t = wilson(treatment, z);
  const estimate = t.rate - c.rate;
  return {
    estimate,
    low: Math.max(-1, estimate - Math.hypot(t.rate - t.low, c.high - c.rate)),
    high: Math.min(1, estimate + Math.hypot(t.high - t.rate, c.rate - c.low)),
  };
}

/**
 * The same construction for the ratio (Donner & Zou 2012, MOVER-R over Wilson limits), as a lift: at a ratio of 1 its
 * equations are Newcombe's, so both intervals exclude "no change" together. For a control with conversions.
 */
export function newcombeLift(control: Conversions, treatment: Conversions, z: number): LiftEnds {
  const c = wilson(control, z);
  const t = wilson(treatment, z);
  const product = t.rate * c.rate;
  const lowA = c.high * (2 * c.rate - c.high);
  const lowC = t.low * (2 * t.rate - t.low);
  const highA = c.low * (2 * c.rate - c.low);
  const highC = t.high * (2 * t.rate - t.high);
  const low = lowC <= 0 ? 0 : lowC / (product + Math.sqrt(Math.max(0, product * product - lowA * lowC)));
  const high = (product + Math.sqrt(Math.max(0, product * product - highA * highC))) / highA;
  return Number.isFinite(high) ? { state: "bounded", low: low - 1, high: high - 1 } : { state: "unbounded" };
}

/** z at which Newcombe's interval touches 0, with the sign of the difference: what a z-test's statistic is to its p. */
export function newcombeZ(control: Conversions, treatment: Conversions): number {
  const sign = Math.sign(treatment.converted / treatment.n - control.converted / control.n);
  if (sign === 0) return 0;
  const [low, high] = sign > 0 ? [control, treatment] : [treatment, control];
  return sign * invertLogTail((z) => newcombeDifference(low, high, z).low, 0);
}
