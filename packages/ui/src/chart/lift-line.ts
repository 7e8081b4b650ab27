import { formatDay } from "../format.ts";
import { niceAbove } from "./interval.ts";

export interface LiftPoint {
  /** "YYYY-MM-DD". */
  day: string;
  /** Fractions; null where nothing can be said yet. */
  lift: { estimate: number; low: number; high: number } | null;
}

export interface LiftLine {
  name: string;
  /** The variant's place among all variants. */
  at: number;
  points: readonly LiftPoint[];
}

const ROOM = 1.6;

/**
 * Half the height of the axis: what the newest intervals need and some room, so that the wide first days do not
 * flatten all that follows. With nothing to draw it is 5 %.
 */
export function liftExtent(lines: readonly LiftLine[]): number {
  const newest = lines.flatMap((line) => {
    const known = line.points.filter((point) => point.lift !== null).at(-1)?.lift;
    return known ? [Math.abs(known.low), Math.abs(known.high)] : [];
  });
  return newest.length === 0 ? 0.05 : niceAbove(Math.max(0.002, ...newest) * ROOM);
}

/** Digits that print every tick as it is: a half of 5 % is 2.5 %, not 3 %. */
export function tickDigits(extent: number): number {
  const halfPercent = extent * 50;
  return Math.abs(halfPercent - Math.round(halfPercent)) < 1e-9 ? 0 : halfPercent < 0.1 ? 2 : 1;
}

/** "2026-11-03" → "3 Nov". */
export function dayWords(day: string): string {
  return formatDay(new Date(`${day}T00:00:00Z`)).replace(/ \d+$/, "");
}

/** Five explicit ticks, zero among them. */
export function liftTicks(extent: number): number[] {
  return [-extent, -extent / 2, 0, extent / 2, extent];
}

/** One record a day with every line's estimate (`name`) and clamped band (`name range`), for the chart library. */
export function liftRecords(lines: readonly LiftLine[], extent: number): Record<string, string | number | number[]>[] {
  const clamp = (value: number) => Math.min(extent, Math.max(-extent, value));
  const days = [...new Set(lines.flatMap((line) => line.points.map((point) => point.day)))].sort();
  return days.map((day) => {
    const record: Record<string, string | number | number[]> = { day };
    for (const line of lines) {
      const lift = line.points.find((point) => point.day === day)?.lift;
      if (!lift) continue;
      record[line.name] = clamp(lift.estimate);
      record[`${line.name} range`] = [clamp(lift.low), clamp(lift.high)];
    }
    return record;
  });
}
