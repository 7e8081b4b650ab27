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

export interface DailyMoments {
  /** A day in UTC, `YYYY-MM-DD`. */
  day: string;
  variant: string;
  /** Units first exposed that day. */
  units: number;
  /**
   * `converted`: units that converted first on that day; `cohortConverted`: units first exposed that day that
   * converted on any. Summed over the days, each gives the metric's total.
   */
  metrics: Record<string, { converted: number; cohortConverted: number }>;
}

/** What the event store knows about an experiment: plain counts and sums, never NaN. */
export interface ExperimentMoments {
  /** In the order of the query. */
  variants: { variant: string; units: number; metrics: Record<string, MetricMoments> }[];
  /** Units seen in several variants, which are in no other number. */
  severalVariants: number;
  /** By day, then in the order of the variants; days without news are left out. */
  daily: DailyMoments[];
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

/** Folds the store's groups into moments: totals by variant, and news by day. */
export function foldMoments(query: MomentsQuery, cells: Cell[]): ExperimentMoments {
  const counted = cells.filter((cell) => !cell.several && query.variants.includes(cell.variant));
  const moments: ExperimentMoments = {
    variants: query.variants.map((variant) => totals(query, variant, counted)),
    severalVariants: sum(cells, (cell) => (cell.several && cell.metric === 0 ? cell.units : 0)),
    daily: daily(query, counted),
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

function daily(query: MomentsQuery, counted: Cell[]): DailyMoments[] {
  const byPlace = new Map<string, DailyMoments>();
  const names = eventNames(query);
  const keys = names.map((name) => query.metrics.filter((metric) => metric.eventName === name).map(({ key }) => key));
  const at = (day: string, variant: string): DailyMoments => {
    const place = `${day} ${variant}`;
    const found = byPlace.get(place) ?? {
      day,
      variant,
      units: 0,
      metrics: perMetric(query, () => ({ converted: 0, cohortConverted: 0 })),
    };
    byPlace.set(place, found);
    return found;
  };
  for (const cell of counted) {
    if (cell.metric === 0) at(cell.day, cell.variant).units += cell.units;
    for (const key of keys[cell.metric - 1] ?? []) {
      const converted = at(cell.conversionDay, cell.variant).metrics[key];
      if (converted) converted.converted += cell.units;
      const cohort = at(cell.day, cell.variant).metrics[key];
      if (cohort) cohort.cohortConverted += cell.units;
    }
  }
  const order = (entry: DailyMoments) => query.variants.indexOf(entry.variant);
  return [...byPlace.values()].sort((a, b) => (a.day === b.day ? order(a) - order(b) : a.day < b.day ? -1 : 1));
}

/** One value a metric; `number` is its event's place in `eventNames`, from 1. */
function perMetric<T>(query: MomentsQuery, value: (number: number) => T): Record<string, T> {
  const names = eventNames(query);
  return Object.fromEntries(query.metrics.map(({ key, eventName }) => [key, value(names.indexOf(eventName) + 1)]));
}

function sum(cells: Cell[], of: (cell: Cell) => number): number {
  return cells.reduce((total, cell) => total + of(cell), 0);
}
