import type { Interval } from "./interval.ts";
import { invertLogTail, logNormalTail, toP } from "./special.ts";

/** Units and how many of them converted. */
export interface Conversions {
  n: number;
  converted: number;
}

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
 * equations are Newcombe's, so both intervals exclude "no change" together.
 */
export function newcombeLift(control: Conversions, treatment: Conversions, z: number): Interval {
  if (control.converted === 0) {
    return {
      state: "undefined",
      reason: "Nobody in the control group converted, so there is nothing to compare with.",
    };
  }
  const c = wilson(control, z);
  const t = wilson(treatment, z);
  const product = t.rate * c.rate;
  const lowA = c.high * (2 * c.rate - c.high);
  const lowC = t.low * (2 * t.rate - t.low);
  const highA = c.low * (2 * c.rate - c.low);
  const highC = t.high * (2 * t.rate - t.high);
  const low = lowC <= 0 ? 0 : lowC / (product + Math.sqrt(Math.max(0, product * product - lowA * lowC)));
  const high = (product + Math.sqrt(Math.max(0, product * product - highA * highC))) / highA;
  return { state: "bounded", estimate: t.rate / c.rate - 1, low: low - 1, high: high - 1 };
}

/** The p-value that belongs to Newcombe's interval: the level at which its nearer end touches 0. */
export function newcombeP(control: Conversions, treatment: Conversions): number {
  const sign = treatment.converted / treatment.n - control.converted / control.n;
  if (sign === 0) return 1;
  const [low, high] = sign > 0 ? [control, treatment] : [treatment, control];
  const gap = (z: number) => newcombeDifference(low, high, z).low;
  const z = invertLogTail((at) => gap(at), 0);
  return toP(logNormalTail(z));
}
