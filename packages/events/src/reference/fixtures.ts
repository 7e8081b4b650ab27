import type { EventCondition, EventSource, MetricDefinition } from "@telltale/configuration";
import { encodeEvents } from "../encode.ts";
import { day, exposure, scope, query as simple, track } from "../fixtures.ts";
import type { MomentsQuery } from "../moments.ts";
import type { StoredEvent } from "./units.ts";

/** A repeatable stream of whole numbers below `limit`. */
export function numbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

const PLANS = ["pro", "free", "ünïcode 🙂", 'it\'s "x"\\', 7, 7.5, true, false, null, { a: 1 }];
const START = Date.parse(day(1, "00:00:00.000"));
const DAY_MS = 86_400_000;

/** Events of a month by some units: late, skewed, of several variants, with properties of all types or none. */
export function randomRows(count: number, unitCount: number, next: (limit: number) => number): StoredEvent[] {
  const by = () => (next(4) === 0 ? "accountId" : "targetingKey");
  return Array.from({ length: count }, (): StoredEvent => {
    const unit = `ü-${next(unitCount)}`;
    const at = START - 6 * DAY_MS + next(30 * DAY_MS);
    const receivedMs = at + next(5_000);
    const time = new Date(at + next(7_200_000) - 3_600_000).toISOString();
    if (next(3) === 0) {
      const home = Number(unit.slice(2)) % 3 === 0 ? "off" : "on";
      const attributes: Record<string, string> = next(5) === 0 ? {} : { country: `c${Math.floor(next(900) ** 0.5)}` };
      const place = { unit, time, by: by(), attributes };
      return { ...exposure({ ...place, variant: next(40) === 0 ? "third" : home }), at, receivedMs };
    }
    const plan = PLANS[next(PLANS.length + 2)];
    const properties = { ...(plan !== undefined && { plan }), ...(next(3) > 0 && { amount: next(1_000) / 100 }) };
    const account = `ü-${next(Math.ceil(unitCount / 4))}`;
    const units: Record<string, string> =
      next(3) === 0 ? { targetingKey: unit } : { targetingKey: unit, accountId: account };
    const value = next(4) === 0 ? {} : { value: next(10_000) / 100 - 5 };
    const name = ["visit", "purchase", "signup"][next(3)] ?? "";
    return { ...track({ units, time, name, properties, ...value }), at, receivedMs };
  });
}

/** Lines as the edge writes them. */
export const encoded = (rows: readonly StoredEvent[]) =>
  encodeEvents(rows.map(({ at, receivedMs, ...event }) => ({ ...scope, event, receivedMs, atMs: at })));

export const source = (event: string, ...where: EventCondition[]): EventSource => ({ event, where });

const plan = (op: "in" | "notIn", ...values: (string | number | boolean)[]) => ({ property: "plan", op, values });
const text = (op: "contains" | "notContains" | "startsWith" | "endsWith", ...values: string[]) => ({
  property: "plan",
  op,
  values,
});
const amount = (op: "lt" | "lte" | "gt" | "gte", value: number) => ({ property: "amount", op, values: [value] });

/** Conditions of every operator, on properties that may be missing or of another type. */
export const conditions: EventCondition[][] = [
  [plan("in", "pro", 7, true)],
  [plan("notIn", "pro", 7.5, false)],
  [plan("in", 'it\'s "x"\\')],
  [text("contains", "n", "🙂")],
  [text("notContains", "r")],
  [text("startsWith", "ü", "f"), { property: "amount", op: "exists" }],
  [text("endsWith", "o", "\\")],
  [amount("lt", 5)],
  [amount("lte", 5)],
  [amount("gt", 5)],
  [amount("gte", 5), plan("notIn", "free")],
  [{ property: "plan", op: "exists" }],
  [{ property: "plan", op: "notExists" }],
  [{ property: "amount", op: "notExists" }],
];

const cap = { level: 0.8, includeZeros: true };
const capOfSome = { level: 0.7, includeZeros: false };
const windowSeconds = 3 * 86_400;
const visits = { ...source("visit"), aggregate: { of: "count" } } as const;
const ratio = {
  kind: "ratio",
  numerator: { ...source("purchase"), aggregate: { of: "sum" } },
  denominator: visits,
} as const;

/** A metric of every kind, plain and with everything that it may have. */
export const definitions: MetricDefinition[] = [
  ...conditions.map((where) => ({ kind: "conversion" as const, source: source("purchase", ...where) })),
  { kind: "conversion", source: source("signup"), windowSeconds },
  { kind: "count", source: source("visit") },
  { kind: "count", source: source("visit"), cap, windowSeconds },
  { kind: "sum", source: source("purchase") },
  { kind: "sum", source: source("purchase"), property: "amount", cap: capOfSome },
  { kind: "mean", source: source("purchase") },
  { kind: "mean", source: source("purchase"), property: "amount", cap, windowSeconds },
  ratio,
  { ...ratio, cap, windowSeconds },
  { kind: "count", source: source("visit"), cap: { at: 2 } },
  { kind: "sum", source: source("purchase"), cap: { at: 60.1 }, windowSeconds },
  { kind: "mean", source: source("purchase"), property: "amount", cap: { at: 7.25, atDenominator: 2 } },
  { ...ratio, cap: { at: 90 } },
  {
    kind: "ratio",
    numerator: { ...source("visit"), aggregate: { of: "distinct", property: "plan" } },
    denominator: { ...source("visit"), aggregate: { of: "distinct", by: "accountId" } },
  },
  {
    kind: "ratio",
    numerator: { ...source("purchase"), aggregate: { of: "sum", property: "amount" } },
    denominator: { ...source("signup"), aggregate: { of: "distinct", by: "targetingKey" } },
  },
  { kind: "retention", source: source("visit"), fromDay: 1, toDay: 3 },
  { kind: "retention", source: source("visit"), fromDay: 0, toDay: 0 },
  { kind: "quantile", source: source("purchase"), level: 0.5, per: "unit", includeZeros: true },
  { kind: "quantile", source: source("purchase"), property: "amount", level: 0.9, per: "unit", includeZeros: false },
  { kind: "quantile", source: source("purchase"), level: 0.75, per: "event", includeZeros: true, windowSeconds },
  { kind: "funnel", steps: [source("visit"), source("purchase"), source("signup")], withinSeconds: 4 * 86_400 },
  { kind: "funnel", steps: [source("visit"), source("visit")], withinSeconds: 86_400, windowSeconds },
];

/** A question of everything. */
export const everything: MomentsQuery = {
  ...simple,
  metrics: definitions.map((definition, i) => ({ key: `${i} ${definition.kind}`, definition })),
  from: new Date(START),
  to: new Date(day(22, "11:00:00.000")),
  beforeDays: 5,
  breakdown: "country",
};
