import type { Aggregation, EventCondition, EventSource, MetricDefinition } from "@telltale/configuration";
import type { ScopedEvent } from "../encode.ts";
import { DAY_MS } from "../moments/sql/scope.ts";
import type { MomentsQuery } from "../moments.ts";

type Event = ScopedEvent["event"];
type Track = Extract<Event, { type: "track" }> & { at: number };

/** An event as the store has it: `at` by the edge's clock, the earliest of its id's copies. */
export type StoredEvent = Event & { at: number; receivedMs: number };

/** A unit of the experiment, with all its events of any kind. */
export interface ObservedUnit {
  name: string;
  first: number;
  /** Variants that it was seen in. */
  variants: Set<string>;
  attribute: string;
  events: Track[];
}

/** Each event once, by the earliest of its copies, in order of time. */
export function storedOnce(rows: readonly StoredEvent[]): StoredEvent[] {
  const known = new Map<string, StoredEvent>();
  for (const row of rows) {
    const first = known.get(row.id);
    if (first === undefined || row.at < first.at) known.set(row.id, row);
  }
  return [...known.values()].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
}

/** The definitions, word for word over raw rows: slow and plain, and nothing of the store's in it. */
export function collectUnits(rows: readonly StoredEvent[], query: MomentsQuery): ObservedUnit[] {
  const units = new Map<string, ObservedUnit>();
  const stored = storedOnce(rows);
  for (const row of stored) {
    if (row.type !== "exposure" || row.experiment !== query.experiment || row.by !== query.by) continue;
    if (row.at < query.from.getTime() || row.at > query.to.getTime()) continue;
    const attribute = String(row.attributes?.[query.breakdown ?? ""] ?? "");
    const start = { name: row.unit, first: row.at, attribute, variants: new Set<string>(), events: [] };
    const unit = units.get(row.unit) ?? start;
    unit.variants.add(row.variant);
    units.set(row.unit, unit);
  }
  for (const row of stored) {
    if (row.type !== "track" || row.at > query.to.getTime()) continue;
    units.get(row.units[query.by] ?? "")?.events.push(row);
  }
  return [...units.values()];
}

const isNumber = (value: unknown): value is number => typeof value === "number";
const isText = (value: unknown): value is string => typeof value === "string";

export function meets(properties: Record<string, unknown>, condition: EventCondition): boolean {
  const value = properties[condition.property];
  if (value === undefined || value === null) return condition.op === "notExists";
  switch (condition.op) {
    case "exists":
      return true;
    case "notExists":
      return false;
    case "in":
      return condition.values.some((one) => one === value);
    case "notIn":
      return !condition.values.some((one) => one === value);
    case "contains":
      return isText(value) && condition.values.some((one) => value.includes(one));
    case "notContains":
      return !(isText(value) && condition.values.some((one) => value.includes(one)));
    case "startsWith":
      return isText(value) && condition.values.some((one) => value.startsWith(one));
    case "endsWith":
      return isText(value) && condition.values.some((one) => value.endsWith(one));
    case "lt":
      return isNumber(value) && condition.values.some((one) => value < one);
    case "lte":
      return isNumber(value) && condition.values.some((one) => value <= one);
    case "gt":
      return isNumber(value) && condition.values.some((one) => value > one);
    case "gte":
      return isNumber(value) && condition.values.some((one) => value >= one);
  }
}

export const isOf = (event: Track, { event: name, where }: EventSource) =>
  event.name === name && where.every((condition) => meets(event.properties ?? {}, condition));

const numberOf = (event: Track, property: string | undefined) => {
  const value = property === undefined ? event.value : event.properties?.[property];
  return isNumber(value) ? value : undefined;
};

function totalOf(events: readonly Track[], aggregate: Aggregation): number {
  if (aggregate.of === "count") return events.length;
  if (aggregate.of === "sum") return events.reduce((sum, one) => sum + (numberOf(one, aggregate.property) ?? 0), 0);
  const values = events.map((one) =>
    "by" in aggregate ? one.units[aggregate.by] : one.properties?.[aggregate.property],
  );
  return new Set(values.filter((one) => one !== undefined && one !== null).map((one) => JSON.stringify(one))).size;
}

/** What a unit is worth to a metric until a moment; undefined when it does not count yet. */
export interface Worth {
  y: number;
  x: number;
  y0: number;
  x0: number;
  /** Single events' values, and funnel steps reached. */
  values: number[];
  reached: number;
}

export function worthOf(
  unit: ObservedUnit,
  definition: MetricDefinition,
  query: MomentsQuery,
  until: number,
): Worth | undefined {
  if (unit.first > until) return undefined;
  const none: Worth = { y: 0, x: 0, y0: 0, x0: 0, values: [], reached: 0 };
  const window = "windowSeconds" in definition ? definition.windowSeconds : undefined;
  const end = window === undefined ? Number.POSITIVE_INFINITY : unit.first + window * 1_000;
  const after = (source: EventSource) =>
    unit.events.filter((one) => one.at >= unit.first && one.at < end && one.at <= until && isOf(one, source));
  const before = (source: EventSource) =>
    unit.events.filter(
      (one) => one.at < unit.first && one.at >= unit.first - query.beforeDays * DAY_MS && isOf(one, source),
    );
  const both = (source: EventSource, aggregate: Aggregation) =>
    [totalOf(after(source), aggregate), totalOf(before(source), aggregate)] as const;
  switch (definition.kind) {
    case "conversion":
      return { ...none, y: after(definition.source).length > 0 ? 1 : 0, x: before(definition.source).length };
    case "count":
    case "sum": {
      const property = definition.kind === "sum" ? definition.property : undefined;
      const [y, x] = both(definition.source, definition.kind === "sum" ? { of: "sum", property } : { of: "count" });
      return { ...none, y, x };
    }
    case "mean": {
      const valued = (events: Track[]) => events.flatMap((one) => numberOf(one, definition.property) ?? []);
      const [now, then] = [valued(after(definition.source)), valued(before(definition.source))];
      const sum = (values: number[]) => values.reduce((total, one) => total + one, 0);
      return { ...none, y: sum(now), x: now.length, y0: sum(then), x0: then.length };
    }
    case "ratio": {
      const [y, y0] = both(definition.numerator, definition.numerator.aggregate);
      const [x, x0] = both(definition.denominator, definition.denominator.aggregate);
      return { ...none, y, x, y0, x0 };
    }
    case "retention": {
      const [from, over] = [definition.fromDay, definition.toDay + 1].map((days) => unit.first + days * DAY_MS);
      if (from === undefined || over === undefined || over > until) return undefined;
      const came = unit.events.some((one) => one.at >= from && one.at < over && isOf(one, definition.source));
      return { ...none, y: came ? 1 : 0 };
    }
    case "quantile": {
      const events = after(definition.source);
      const values = events.flatMap((one) => numberOf(one, definition.property) ?? []);
      return { ...none, y: totalOf(events, { of: "sum", property: definition.property }), values };
    }
    case "funnel": {
      const events = definition.steps.map((step) => after(step));
      const reached = furthest(events, definition.withinSeconds * 1_000);
      return { ...none, y: reached === definition.steps.length ? 1 : 0, reached };
    }
  }
}

/** How far any choice of one event a step comes: each later than the one before, or of its millisecond, within the time. */
function furthest(steps: readonly Track[][], withinMs: number): number {
  const goOn = (k: number, begin: number, last: Track): number => {
    const next = (steps[k] ?? []).filter(
      (one) => one.id !== last.id && one.at >= last.at && one.at - begin <= withinMs,
    );
    return next.reduce((most, one) => Math.max(most, goOn(k + 1, begin, one)), k);
  };
  return (steps[0] ?? []).reduce((most, one) => Math.max(most, goOn(1, one.at, one)), 0);
}
