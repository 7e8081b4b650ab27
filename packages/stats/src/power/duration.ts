import type { Plan } from "./plan.ts";
import {
  type DetectableEffect,
  detectableEffect,
  type Effect,
  powerOf,
  type RequiredUnits,
  requiredUnits,
} from "./size.ts";

/** Whole weeks, or why there are none. */
export type Duration =
  | { state: "ok"; weeks: number; units: number }
  | { state: Exclude<RequiredUnits["state"], "ok"> | "no_traffic" | "too_long" };

const MOST_WEEKS = 520;
const MOST_UNITS = 1e15;

function checkWeeks(unitsByWeek: readonly number[]): void {
  if (!unitsByWeek.every((units) => units >= 0 && units <= MOST_UNITS)) {
    throw new RangeError("Units by week must be between 0 and 1e15.");
  }
}

/**
 * Whole weeks until the effect is found with the wanted power, from the new units of the first weeks (all arms); later
 * weeks bring as many as the last one given. Whole weeks, because weekdays differ.
 */
export function duration(plan: Plan, effect: Effect, unitsByWeek: readonly number[], power = 0.8): Duration {
  checkWeeks(unitsByWeek);
  const needed = requiredUnits(plan, effect, power);
  if (needed.state !== "ok") return needed;
  let units = 0;
  for (let week = 1; week <= MOST_WEEKS; week++) {
    units += unitsByWeek[Math.min(week, unitsByWeek.length) - 1] ?? 0;
    if (units >= needed.all) return { state: "ok", weeks: week, units: needed.all };
  }
  return { state: units === 0 ? "no_traffic" : "too_long" };
}

export interface WeekOfPlan {
  week: number;
  /** Units of all arms by the end of the week. */
  units: number;
  /** Chance to find the effect by then; null when it cannot be known. */
  power: number | null;
  detectable: DetectableEffect;
}

/** Power and smallest detectable effect at the end of each week. */
export function powerByWeek(plan: Plan, effect: Effect, unitsByWeek: readonly number[], power = 0.8): WeekOfPlan[] {
  checkWeeks(unitsByWeek);
  let units = 0;
  return unitsByWeek.map((more, index) => {
    units += more;
    return {
      week: index + 1,
      units,
      power: powerOf(plan, effect, units),
      detectable: detectableEffect(plan, units, { power, sign: "lift" in effect && effect.lift < 0 ? -1 : 1 }),
    };
  });
}
