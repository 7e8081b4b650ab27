import { peopleOf, sum } from "../plan/arms.ts";
import type { AnalysisInputs } from "../result/snapshot.ts";

const DAY = 86_400_000;
const MOST_DAYS = 7;

/** New units a day: the mean, and what the slowest and the fastest day had. */
export interface Pace {
  perDay: number;
  low: number;
  high: number;
}

/** Fewer whole days say nothing about how days differ. */
const FEWEST_DAYS = 2;

/**
 * New units a day over the last 7 whole UTC days, or as many as there are since the first exposure. Null before two whole
 * days: a pace taken from minutes is none, and one day does not say how days differ.
 */
export function paceOf({ plan, moments, window }: AnalysisInputs): Pace | null {
  const first = Date.parse(moments.firstExposure ?? "");
  const end = Math.floor(Date.parse(window.to) / DAY);
  const begin = Math.max(Math.ceil(first / DAY), end - MOST_DAYS);
  if (!(end - begin >= FEWEST_DAYS) || peopleOf(plan, moments).people === 0) return null;
  const variants = new Set(plan.arms.map(({ variant }) => variant));
  const days = Array.from({ length: end - begin }, () => 0);
  for (const { at, variant, units } of moments.series) {
    const day = Math.floor(Date.parse(at) / DAY) - begin;
    const own = days[day];
    if (own !== undefined && variants.has(variant)) days[day] = own + Math.max(0, units);
  }
  const pace = { perDay: sum(days) / days.length, low: Math.min(...days), high: Math.max(...days) };
  return Object.values(pace).every(Number.isFinite) ? pace : null;
}

/** A number of days, from the fastest to the slowest pace. */
export interface Days {
  low: number;
  high: number;
}

/** A promise further away is none. */
const FARTHEST_DAYS = 1_000;

/**
 * Days until so many more units have joined, at the pace of the fastest and of the slowest of the last days; null when
 * that cannot be said: no pace yet, a day without units, nothing missing, or years.
 */
export function daysUntil(missing: number, pace: Pace | null): Days | null {
  if (!pace || !(missing > 0) || !(pace.low > 0)) return null;
  const days = { low: Math.ceil(missing / pace.high), high: Math.ceil(missing / pace.low) };
  return days.high <= FARTHEST_DAYS ? days : null;
}
