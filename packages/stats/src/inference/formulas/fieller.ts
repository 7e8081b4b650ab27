import type { Base } from "../contrast.ts";

/** Ends of an interval for a lift, or why there are none. */
export type LiftEnds = { state: "bounded"; low: number; high: number } | { state: "unbounded" };

/**
 * Fieller's interval for the lift difference / |base| with the critical value of the absolute test, so that it excludes 0
 * exactly when that test rejects. Unbounded when the base cannot be distinguished from 0 (g >= 1): any lift, however
 * large, fits the data. For a base other than 0. Source: Fieller 1954, in the form for a difference correlated with its
 * base.
 */
export function fiellerLift(estimate: number, { value, variance, slope, rest }: Base, critical: number): LiftEnds {
  const relative = critical / value;
  const g = relative * relative * variance;
  if (!(g < 1)) return { state: "unbounded" };
  const lift = estimate / value;
  const spread = Math.hypot(Math.sqrt(rest * (1 - g)), Math.sqrt(variance) * (lift - slope));
  const half = Math.abs(relative) * spread;
  const [low, high] = [(lift - g * slope - half) / (1 - g), (lift - g * slope + half) / (1 - g)];
  return value > 0 ? { state: "bounded", low, high } : { state: "bounded", low: -high, high: -low };
}
