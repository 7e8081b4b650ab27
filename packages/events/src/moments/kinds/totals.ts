import type { Cap } from "@telltale/configuration";
import {
  contributions,
  eventsWhere,
  fixedPointSql,
  float,
  isAfter,
  isBefore,
  type Quantity,
  type StatementScope,
  sourceSql,
  stepOf,
  timeOf,
} from "../sql/scope.ts";
import type { SqlColumn } from "./metric-columns.ts";

/** The totals that have a cap each: of each quantity after exposure, and before it. */
export const CAPPED = ["y", "x", "y0", "x0"] as const;
/** The caps of a metric; null for none, and for a quantile without values. */
export type Caps = Record<(typeof CAPPED)[number], number | null>;
export const noCaps: Caps = { y: null, x: null, y0: null, x0: null };

/** The caps that a metric gives as values; undefined where they are quantiles. */
export function absoluteCaps(cap: Cap, isRatio: boolean): Caps | undefined {
  if (!("at" in cap)) return undefined;
  const x = isRatio ? (cap.atDenominator ?? null) : null;
  return { y: cap.at, x, y0: cap.at, x0: x };
}

/** One or two quantities of the same events of a unit: y, and x of a ratio. */
export type Quantities = { y: Quantity; x?: Quantity };

/** A metric of totals: what is totalled, for how long, and cut to what. */
export interface Totalled {
  quantities: Quantities;
  windowSeconds: number | undefined;
  cap: Cap | undefined;
}

/**
 * Columns of a unit, under the prefix `m`: the events' steps `m_steps`, the running totals after and before each event
 * (`m_y_new`, `m_y_old`, cut to the cap), what each adds (`m_y_add`), and the total itself, uncut (`m_y_total`); the
 * same for x.
 */
export function totalsAfter(
  scope: StatementScope,
  m: string,
  { quantities, windowSeconds }: Totalled,
  caps: Caps,
): SqlColumn[] {
  const condition = `${sourceSql(scope, bitsOf(quantities))} AND ${isAfter(scope, windowSeconds)}`;
  const columns: SqlColumn[] = [
    { name: `${m}_events`, sql: eventsWhere(condition) },
    { name: `${m}_steps`, sql: `arrayMap(p -> ${stepOf(scope, timeOf(scope))}, ${m}_events)` },
  ];
  for (const [name, quantity] of entries(quantities)) {
    const prefix = `${m}_${name}`;
    const cap = capSql(scope, caps[name]);
    const cut = (value: string) => (cap === undefined ? value : `least(${value}, ${cap})`);
    columns.push(
      { name: `${prefix}_raw`, sql: contributions(scope, quantity, condition, `${m}_events`) },
      { name: `${prefix}_sum`, sql: `arrayCumSum(${prefix}_raw)` },
      { name: `${prefix}_total`, sql: `${prefix}_sum[-1]` },
      { name: `${prefix}_new`, sql: cap === undefined ? `${prefix}_sum` : `arrayMap(s -> ${cut("s")}, ${prefix}_sum)` },
      { name: `${prefix}_old`, sql: `arrayMap((s, r) -> ${cut("s - r")}, ${prefix}_sum, ${prefix}_raw)` },
      {
        name: `${prefix}_add`,
        sql: cap === undefined ? `${prefix}_raw` : `arrayMap((a, b) -> a - b, ${prefix}_new, ${prefix}_old)`,
      },
    );
  }
  return columns;
}

/** Columns of a unit: its totals before exposure, `m_y0` and `m_x0`, cut to their own caps, and uncut (`m_y0_total`). */
export function totalsBefore(scope: StatementScope, m: string, { quantities }: Totalled, caps: Caps): SqlColumn[] {
  const condition = `${sourceSql(scope, bitsOf(quantities))} AND ${isBefore(scope)}`;
  const columns: SqlColumn[] = [{ name: `${m}_events0`, sql: eventsWhere(condition) }];
  for (const [name, quantity] of entries(quantities)) {
    const prefix = `${m}_${name}0`;
    const cap = capSql(scope, caps[`${name}0`]);
    columns.push(
      { name: `${prefix}_total`, sql: `arraySum(${contributions(scope, quantity, condition, `${m}_events0`)})` },
      { name: prefix, sql: cap === undefined ? `${prefix}_total` : `least(${prefix}_total, ${cap})` },
    );
  }
  return columns;
}

/** Over an arm: the sum of what each step adds to the product of two running totals. */
export function addedProduct(scope: StatementScope, m: string, one: "y" | "x", other: "y" | "x"): string {
  const product = (a: string, b: string) => `toInt256(${a}) * ${b}`;
  if (one === other) {
    const added = `arrayMap((a, b) -> ${product("a", "a")} - ${product("b", "b")}, ${m}_${one}_new, ${m}_${one}_old)`;
    return `sumResampleArray(0, ${scope.steps}, 1)(${added}, ${m}_steps)`;
  }
  const columns = [`${m}_${one}_new`, `${m}_${other}_new`, `${m}_${one}_old`, `${m}_${other}_old`].join(", ");
  const added = `arrayMap((a, b, c, d) -> ${product("a", "b")} - ${product("c", "d")}, ${columns})`;
  return `sumResampleArray(0, ${scope.steps}, 1)(${added}, ${m}_steps)`;
}

/** Over an arm: the sum of what each step adds to a running total. */
export const added = (scope: StatementScope, m: string, name: "y" | "x") =>
  `sumResampleArray(0, ${scope.steps}, 1)(${m}_${name}_add, ${m}_steps)`;

/** A unit's total as Float64. */
export function floatOf(quantity: Quantity, total: string): string {
  return quantity.fraction === 0 ? `toFloat64(${total})` : float(total);
}

/** Units whose total was cut. */
export function cappedUnits(
  scope: StatementScope,
  m: string,
  name: "y" | "x",
  quantity: Quantity,
  cap: number | null,
): string {
  if (cap === null) return "toUInt64(0)";
  return `countIf(${floatOf(quantity, `${m}_${name}_total`)} > ${scope.bindings.bind("Float64", cap)})`;
}

/** A cap in whole numbers of a quantity, which have a fraction wherever there is a cap. */
function capSql(scope: StatementScope, cap: number | null): string | undefined {
  return cap === null ? undefined : `(${fixedPointSql(scope.bindings.bind("Float64", cap))})`;
}

export function entries(quantities: Quantities): ["y" | "x", Quantity][] {
  return quantities.x
    ? [
        ["y", quantities.y],
        ["x", quantities.x],
      ]
    : [["y", quantities.y]];
}

const bitsOf = (quantities: Quantities) => entries(quantities).map(([, { bit }]) => bit);
