import { formatClock, formatDay } from "../../format.ts";
import { farReach, niceAbove } from "../interval/interval.ts";

/** What is drawn at a moment: the line's height and a band; a null end goes on beyond the drawing. */
export interface TimeValue {
  estimate: number;
  low: number | null;
  high: number | null;
}

export interface TimePoint {
  /** Begin of the step, ISO 8601. */
  at: string;
  /** As it stood at the end of the step; null where nothing can be said yet. */
  value: TimeValue | null;
}

export interface TimeLine {
  name: string;
  /** The variant's place among all variants. */
  place: number;
  points: readonly TimePoint[];
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
 * Half the height of the axis: what the newest values and bands need and some room, so that neither the wide first steps
 * nor one wild line flatten the others, and at least `smallest`. With nothing to draw it is 5 %.
 */
export function timeExtent(lines: readonly TimeLine[], smallest = 0.002): number {
  const newest = lines.flatMap((line) => {
    const known = line.points.filter((point) => point.value !== null).at(-1)?.value;
    if (!known) return [];
    return [Math.max(...[known.estimate, known.low, known.high].filter((end) => end !== null).map(Math.abs))];
  });
  return newest.length === 0 ? 0.05 : niceAbove(Math.max(smallest, farReach(newest)) * ROOM);
}

/** Where a line or its band goes on beyond the drawing. */
export interface ClippedEnd {
  place: number;
  x: number;
  /** The edge that it leaves by: half the axis, or minus that. */
  y: number;
}

/**
 * The places at which lines leave the drawing; of long lines the last one by each edge alone, so that they can be told
 * apart.
 */
export function clippedEnds(lines: readonly TimeLine[], extent: number, most: number): ClippedEnd[] {
  return lines.flatMap(({ place, points }) => {
    const ends = [extent, -extent].map((y) =>
      points.flatMap(({ at, value }) => (value && leaves(value, y) ? [{ place, x: Date.parse(at), y }] : [])),
    );
    return ends.flatMap((own) => (points.length > most ? own.slice(-1) : own));
  });
}

function leaves({ estimate, low, high }: TimeValue, edge: number): boolean {
  const ends = edge > 0 ? [estimate, high ?? Number.POSITIVE_INFINITY] : [estimate, low ?? Number.NEGATIVE_INFINITY];
  return ends.some((end) => (edge > 0 ? end > edge : end < edge));
}

/** Digits that print every tick as it is: a half of 5 % is 2.5 %, not 3 %. */
export function tickDigits(extent: number): number {
  const halfPercent = extent * 50;
  return Math.abs(halfPercent - Math.round(halfPercent)) < 1e-9 ? 0 : halfPercent < 0.1 ? 2 : 1;
}

/** Five explicit ticks, zero among them. */
export function valueTicks(extent: number): number[] {
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
export function timeRecords(lines: readonly TimeLine[], extent: number): Record<string, number | number[]>[] {
  const moments = [...new Set(lines.flatMap((line) => line.points.map((point) => point.at)))].sort();
  const byMoment = lines.map((line) => new Map(line.points.map(({ at, value }) => [at, value])));
  return moments.map((at) => {
    const record: Record<string, number | number[]> = { time: Date.parse(at) };
    for (const [index, line] of lines.entries()) {
      const value = byMoment[index]?.get(at);
      if (!value) continue;
      record[line.name] = clamp(value.estimate, extent);
      record[`${line.name} range`] = bandOf(value, extent);
    }
    return record;
  });
}

/** The range of each line that has but one known point: an area needs two, so it is drawn as a bar. */
export function loneRanges(lines: readonly TimeLine[], extent: number) {
  return lines.flatMap(({ place, points }) => {
    const [only, ...others] = points.filter((point) => point.value !== null);
    if (!only?.value || others.length > 0) return [];
    const x = Date.parse(only.at);
    const [low, high] = bandOf(only.value, extent);
    const segment = [
      { x, y: low },
      { x, y: high },
    ] as const;
    return [{ place, segment }];
  });
}

function clamp(value: number, extent: number): number {
  return Math.min(extent, Math.max(-extent, value));
}

function bandOf({ low, high }: TimeValue, extent: number): [number, number] {
  return [clamp(low ?? -extent, extent), clamp(high ?? extent, extent)];
}
