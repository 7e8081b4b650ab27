import { formatClock, formatDay } from "../format.ts";
import { niceAbove } from "./interval.ts";

export interface LiftPoint {
  /** Begin of the step, ISO 8601. */
  at: string;
  /** Fractions, as they stood at the end of the step; null where nothing can be said yet. */
  lift: { estimate: number; low: number; high: number } | null;
}

export interface LiftLine {
  name: string;
  /** The variant's place among all variants. */
  place: number;
  points: readonly LiftPoint[];
}

const ROOM = 1.25;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const TICK_STEPS_MS = [
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR_MS),
  ...[1, 2, 4, 7, 14, 28, 56, 91, 182, 364].map((days) => days * DAY_MS),
];
const MOST_TICKS = 7;

/**
 * Half the height of the axis: what the newest intervals need and some room, so that the wide first steps do not
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

/** Five explicit ticks, zero among them. */
export function liftTicks(extent: number): number[] {
  return [-extent, -extent / 2, 0, extent / 2, extent];
}

/** At most seven moments between two, at even clock times and days (UTC). */
export function timeTicks(fromMs: number, toMs: number): number[] {
  const step = TICK_STEPS_MS.find((candidate) => (toMs - fromMs) / candidate <= MOST_TICKS - 1) ?? toMs - fromMs;
  const ticks: number[] = [];
  for (let at = Math.ceil(fromMs / step) * step; at <= toMs; at += step) ticks.push(at);
  return ticks.length > 0 ? ticks : [fromMs];
}

/** A moment on the time axis: the clock within a day, the day at its begin. */
export function tickWords(atMs: number): string {
  const at = new Date(atMs);
  return atMs % DAY_MS === 0 ? formatDay(at).replace(/ \d+$/, "") : formatClock(at).replace(" UTC", "");
}

/** A moment in full: the day alone where steps are days, with seconds where they are shorter than a minute. */
export function stepWords(at: string, stepSeconds: number): string {
  const date = new Date(at);
  if (stepSeconds < 60) return `${formatDay(date)}, ${date.toISOString().slice(11, 19)} UTC`;
  return stepSeconds * 1000 >= DAY_MS ? formatDay(date) : `${formatDay(date)}, ${formatClock(date)}`;
}

/** One record a step with every line's estimate (`name`) and clamped band (`name range`), for the chart library. */
export function liftRecords(lines: readonly LiftLine[], extent: number): Record<string, number | number[]>[] {
  const clamp = (value: number) => Math.min(extent, Math.max(-extent, value));
  const moments = [...new Set(lines.flatMap((line) => line.points.map((point) => point.at)))].sort();
  return moments.map((at) => {
    const record: Record<string, number | number[]> = { time: Date.parse(at) };
    for (const line of lines) {
      const lift = line.points.find((point) => point.at === at)?.lift;
      if (!lift) continue;
      record[line.name] = clamp(lift.estimate);
      record[`${line.name} range`] = [clamp(lift.low), clamp(lift.high)];
    }
    return record;
  });
}

/** The range of each line that has but one known point: an area needs two, so it is drawn as a bar. */
export function loneRanges(lines: readonly LiftLine[], extent: number) {
  const clamp = (value: number) => Math.min(extent, Math.max(-extent, value));
  return lines.flatMap(({ place, points }) => {
    const [only, ...others] = points.filter((point) => point.lift !== null);
    if (!only?.lift || others.length > 0) return [];
    const x = Date.parse(only.at);
    const segment = [
      { x, y: clamp(only.lift.low) },
      { x, y: clamp(only.lift.high) },
    ] as const;
    return [{ place, segment }];
  });
}
