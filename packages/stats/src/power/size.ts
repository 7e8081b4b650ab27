import { checkPlan, differenceVariance, isNeverRead, type Plan, powerAt } from "./plan.ts";

/**
 * Units, or why there are none: `beyond_range` when a rate would leave [0, 1], `zero_effect`, `zero_variance`, `too_many`
 * past 1e15, `power_below_alpha` when a test that rejects by chance alone would have that power with any units,
 * `too_skewed` where nothing is known of the values' tails, so that they are never read.
 */
export type RequiredUnits = { state: "ok"; control: number; treatment: number; all: number } | { state: NoUnits };

/** Why no number of units can be given. */
export type NoUnits =
  | "beyond_range"
  | "zero_effect"
  | "zero_variance"
  | "too_many"
  | "zero_baseline"
  | "power_below_alpha"
  | "too_skewed";

export const MOST_UNITS = 1e15;

/** An effect in the metric's unit, or as a fraction of the size of its mean. */
export type Effect = { absolute: number } | { lift: number };

function deltaOf(effect: Effect, { baseline }: Plan): number {
  return "absolute" in effect ? effect.absolute : effect.lift * Math.abs(baseline.value);
}

export function assertPower(power: number): void {
  if (!(power > 0 && power < 1)) throw new RangeError(`power must lie between 0 and 1, not ${power}.`);
}

/** Chance to find this effect with `all` units over all arms, in [0, 1]; null when it cannot be known. */
export function powerOf(plan: Plan, effect: Effect, all: number): number | null {
  checkPlan(plan);
  const delta = deltaOf(effect, plan);
  const variance = differenceVariance(plan, delta);
  const { control, treatment, all: whole } = plan.shares;
  const n = all * ((control + treatment) / whole);
  if (variance === null || !(variance > 0) || !(n >= 2) || !Number.isFinite(delta) || n > MOST_UNITS) return null;
  const found = powerAt(plan, delta / Math.sqrt(variance / n), n);
  return Number.isFinite(found) ? found : null;
}

/**
 * Units that find this effect with the wanted power: (critical + z_power)^2 of the difference's variance by the squared
 * effect; for sequences and group plans solved for the power itself. Whole units in each arm.
 */
export function requiredUnits(plan: Plan, effect: Effect, power = 0.8): RequiredUnits {
  checkPlan(plan);
  assertPower(power);
  const delta = deltaOf(effect, plan);
  if ("lift" in effect && plan.baseline.value === 0) return { state: "zero_baseline" };
  if (!Number.isFinite(delta) || delta === 0) return { state: delta === 0 ? "zero_effect" : "beyond_range" };
  const variance = differenceVariance(plan, delta);
  if (variance === null) return { state: "beyond_range" };
  if (variance === 0) return { state: "zero_variance" };
  if (power <= plan.alpha / (plan.comparisons ?? 1)) return { state: "power_below_alpha" };
  if (isNeverRead(plan)) return { state: "too_skewed" };
  const found = (n: number) => powerAt(plan, Math.abs(delta) / Math.sqrt(variance / n), n) >= power;
  const n = smallest(found, 2, MOST_UNITS);
  return n === null ? { state: "too_many" } : wholeUnits(n, plan.shares);
}

/** Whole units in each arm, from those of both arms together. */
export function wholeUnits(n: number, { control, treatment, all }: Plan["shares"]) {
  const per = n / (control + treatment);
  const whole = (units: number) => Math.ceil(units - 1e-6);
  const arms = { control: whole(per * control), treatment: whole(per * treatment) };
  return { state: "ok", ...arms, all: Math.max(whole(per * all), arms.control + arms.treatment) } as const;
}

/** The smallest x at which a monotone condition holds, to 1e-10 relative; null when it does not at `most`. */
export function smallest(holds: (x: number) => boolean, least: number, most: number): number | null {
  if (holds(least)) return least;
  let [low, high] = [least, least * 2];
  while (!holds(high)) {
    if (high >= most) return null;
    [low, high] = [high, Math.min(most, high * 4)];
  }
  while (high / low - 1 > 1e-10) {
    const middle = Math.sqrt(low) * Math.sqrt(high);
    if (middle <= low || middle >= high) break;
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/**
 * Smallest effect that is found with the wanted power. `lift` is `unbounded` when the control's mean could not be
 * distinguished from 0 at that size (g >= 1 in Fieller's interval), `zero_baseline` when it is 0.
 */
export type DetectableEffect =
  | {
      state: "ok";
      absolute: number;
      lift: { state: "ok"; value: number } | { state: "unbounded" | "zero_baseline" };
    }
  | { state: "beyond_range" | "zero_variance" | "not_enough_data" | "power_below_alpha" | "too_skewed" };

/**
 * Smallest increase, or decrease with `sign` -1, that `all` units over all arms find with the wanted power. The
 * difference is tested, so the effect is absolute, and the lift is it by the size of the mean.
 */
export function detectableEffect(plan: Plan, all: number, { power = 0.8, sign = 1 as 1 | -1 } = {}): DetectableEffect {
  checkPlan(plan);
  assertPower(power);
  const { control, treatment, all: whole } = plan.shares;
  const { baseline } = plan;
  const n = all * ((control + treatment) / whole);
  if (!(n >= 2) || n > MOST_UNITS) return { state: "not_enough_data" };
  if (baseline.unitVariance === 0) return { state: "zero_variance" };
  if (power <= plan.alpha / (plan.comparisons ?? 1)) return { state: "power_below_alpha" };
  // By so large an effect that only the tails can be in its way.
  if (powerAt(plan, Number.MAX_VALUE, n) === 0) return { state: "too_skewed" };
  const room = sign > 0 ? 1 - baseline.value : baseline.value;
  const scale = Math.sqrt(baseline.unitVariance / n);
  const most = baseline.isRate ? Math.min(room * (1 - 1e-12), 1e6 * scale) : 1e6 * scale;
  const found = (delta: number) => {
    const variance = differenceVariance(plan, sign * delta);
    return variance === null || variance === 0 || powerAt(plan, delta / Math.sqrt(variance / n), n) >= power;
  };
  const least = Math.min(1e-6 * scale, most / 2);
  const size = least > 0 && Number.isFinite(most) ? smallest(found, least, most) : null;
  if (size === null || !Number.isFinite(size)) return { state: "beyond_range" };
  return { state: "ok", absolute: sign * size, lift: liftOf(plan, sign * size, n) };
}

function liftOf({ baseline, shares }: Plan, delta: number, n: number) {
  if (baseline.value === 0) return { state: "zero_baseline" } as const;
  const units = (n * shares.control) / (shares.control + shares.treatment);
  const sure = Math.abs(baseline.value) / Math.sqrt(baseline.unitVariance / units);
  const value = delta / Math.abs(baseline.value);
  return sure > 1.96 && Number.isFinite(value) ? ({ state: "ok", value } as const) : ({ state: "unbounded" } as const);
}
