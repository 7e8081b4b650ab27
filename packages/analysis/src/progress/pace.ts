import { peopleOf, sum } from "../plan/arms.ts";
import type { AnalysisInputs } from "../result/snapshot.ts";

const DAY = 86_400_000;
const MOST_DAYS = 7;
/** A pace of less than a minute is none. */
const SHORTEST = 60_000;

/**
 * New units a day: the mean of the last 7 whole UTC days, or of as many as there are since the first exposure; before
 * the first whole day, the pace since then. Null when it cannot be told.
 */
export function paceOf({ plan, moments, window }: AnalysisInputs): number | null {
  const first = Date.parse(moments.firstExposure ?? "");
  const to = Date.parse(window.to);
  if (!(to - first >= SHORTEST)) return null;
  const end = Math.floor(to / DAY);
  const begin = Math.max(Math.ceil(first / DAY), end - MOST_DAYS);
  const variants = new Set(plan.arms.map(({ variant }) => variant));
  if (end > begin) {
    const inside = moments.series.filter(({ at, variant }) => {
      const day = Math.floor(Date.parse(at) / DAY);
      return variants.has(variant) && day >= begin && day < end;
    });
    return finite(sum(inside.map(({ units }) => Math.max(0, units))) / (end - begin));
  }
  return finite(peopleOf(plan, moments).people / ((to - first) / DAY));
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
