import type { Cell, MomentsQuery } from "./queries/moments.ts";

/** Sufficient statistics of a metric in a variant, over units. */
export interface MetricMoments {
  /** Units of the variant. */
  n: number;
  /** Units with at least one event at or after their first exposure. */
  converted: number;
  /** Sum over units of the unit's sum of values, and of its square. */
  sum: number;
  sumSquares: number;
}

export interface StepMoments {
  /** When the step began: ISO 8601, UTC, whole seconds. */
  at: string;
  variant: string;
  /** Units first exposed in this step. */
  units: number;
  /**
   * `converted`: units that converted first in this step; `cohortConverted`: units first exposed in it that converted
   * at any time. Summed over the steps, each gives the metric's total.
   */
  metrics: Record<string, { converted: number; cohortConverted: number }>;
}

/** What the event store knows about an experiment: plain counts and sums, never NaN. */
export interface ExperimentMoments {
  /** In the order of the query. */
  variants: { variant: string; units: number; metrics: Record<string, MetricMoments> }[];
  /** Units seen in several variants, which are in no other number. */
  severalVariants: number;
  /** By step, then in the order of the variants; steps without news are left out. */
  series: StepMoments[];
  /** ISO 8601; absent without exposures. */
  firstExposure?: string;
  /** ISO 8601: the last exposure or metric event of a counted unit. */
  lastEvent?: string;
  /** Stored rows that were read for units of the experiment; a repeat that is not merged away yet counts too. */
  rows: number;
}

/** The event names that the metrics need, each once. */
export function eventNames(query: MomentsQuery): string[] {
  return [...new Set(query.metrics.map((metric) => metric.eventName))];
}

/** Folds the store's groups into moments: totals by variant, and news by step. */
export function foldMoments(query: MomentsQuery, cells: Cell[]): ExperimentMoments {
  const counted = cells.filter((cell) => !cell.several && query.variants.includes(cell.variant));
  const moments: ExperimentMoments = {
    variants: query.variants.map((variant) => totals(query, variant, counted)),
    severalVariants: sum(cells, (cell) => (cell.several && cell.metric === 0 ? cell.units : 0)),
    series: series(query, counted),
    rows: sum(cells, (cell) => cell.rows),
  };
  if (counted.length === 0) return moments;
  const first = counted.reduce((least, cell) => Math.min(least, cell.firstExposure), Number.POSITIVE_INFINITY);
  const last = counted.reduce((most, cell) => Math.max(most, cell.lastEvent), 0);
  return { ...moments, firstExposure: new Date(first).toISOString(), lastEvent: new Date(last).toISOString() };
}

function totals(query: MomentsQuery, variant: string, counted: Cell[]): ExperimentMoments["variants"][number] {
  const own = counted.filter((cell) => cell.variant === variant);
  const units = sum(own, (cell) => (cell.metric === 0 ? cell.units : 0));
  const metrics = perMetric(query, (number) => {
    const hits = own.filter((cell) => cell.metric === number);
    return {
      n: units,
      converted: sum(hits, (cell) => cell.units),
      sum: sum(hits, (cell) => cell.total),
      sumSquares: sum(hits, (cell) => cell.squares),
    };
  });
  return { variant, units, metrics };
}

function series(query: MomentsQuery, counted: Cell[]): StepMoments[] {
  const byPlace = new Map<string, StepMoments>();
  const names = eventNames(query);
  const keys = names.map((name) => query.metrics.filter((metric) => metric.eventName === name).map(({ key }) => key));
  const place = (at: string, variant: string): StepMoments => {
    const key = `${at} ${variant}`;
    const found = byPlace.get(key) ?? {
      at,
      variant,
      units: 0,
      metrics: perMetric(query, () => ({ converted: 0, cohortConverted: 0 })),
    };
    byPlace.set(key, found);
    return found;
  };
  for (const cell of counted) {
    if (cell.metric === 0) place(cell.joined, cell.variant).units += cell.units;
    for (const key of keys[cell.metric - 1] ?? []) {
      const converted = place(cell.converted, cell.variant).metrics[key];
      if (converted) converted.converted += cell.units;
      const cohort = place(cell.joined, cell.variant).metrics[key];
      if (cohort) cohort.cohortConverted += cell.units;
    }
  }
  const order = (entry: StepMoments) => query.variants.indexOf(entry.variant);
  return [...byPlace.values()].sort((a, b) => (a.at === b.at ? order(a) - order(b) : a.at < b.at ? -1 : 1));
}

/** One value a metric; `number` is its event's place in `eventNames`, from 1. */
function perMetric<T>(query: MomentsQuery, value: (number: number) => T): Record<string, T> {
  const names = eventNames(query);
  return Object.fromEntries(query.metrics.map(({ key, eventName }) => [key, value(names.indexOf(eventName) + 1)]));
}

function sum(cells: Cell[], of: (cell: Cell) => number): number {
  return cells.reduce((total, cell) => total + of(cell), 0);
}
