import type { Aggregation } from "@telltale/configuration";
import type { Bindings } from "./bindings.ts";
import type { Signals } from "./signals.ts";

export const DAY_MS = 86_400_000;

/** What one statement is about; all of it as SQL, or as whole numbers that stand in it. */
export interface StatementScope {
  bindings: Bindings;
  signals: Signals;
  /** Steps from the one with `from` to the one with `to`. */
  steps: number;
  stepMs: number;
  /** Steps between the time that event times count from and the one with `from`. */
  stepsBefore: number;
  /** `to`, milliseconds in the statement's time. */
  toMs: number;
  /** Length of the time before exposure; 0 for none. */
  beforeMs: number;
}

/** Values are summed as whole numbers of 2^-60, so that their order does not matter and no digit is lost. */
export const FRACTION_BITS = 60;
/** Values beyond it, either way, count as it: what keeps sums of squares of 2^29 units within 256 bits. */
export const VALUE_MAX = 2 ** 53;

const POWER = `toFloat64(${2n ** BigInt(FRACTION_BITS)})`;
const MOST = `toFloat64(${VALUE_MAX})`;

/** A Float64 as a whole number of 2^-60 (Int128); whole part and fraction apart, as one product would round. */
export function fixedPointSql(value: string): string {
  const bounded = `greatest(least(${value}, ${MOST}), -${MOST})`;
  return `bitShiftLeft(toInt128(toInt64(${bounded})), ${FRACTION_BITS}) + toInt64((${bounded} - toInt64(${bounded})) * ${POWER})`;
}

/** A whole number of 2^-60 as the Float64 next to it. */
export const float = (value: string) => `(toFloat64(${value}) / ${POWER})`;

/** A packed event's time. */
export const timeOf = ({ signals }: StatementScope, packed = "p") =>
  `toInt64(bitShiftRight(${packed}, ${signals.shift}))`;

/** The step of a time, counted from the one with `from`; times outside have no step in the statement. */
export const stepOf = ({ stepMs, stepsBefore }: StatementScope, time: string) =>
  `intDiv(${time}, ${stepMs}) - ${stepsBefore}`;

/** Whether a packed event belongs to one of the sources. */
export function sourceSql({ signals }: StatementScope, bits: readonly number[]): string {
  return `(${[...new Set(bits)].map((bit) => signals.has(bit)).join(" OR ")})`;
}

/** Whether an event is at or after the first exposure, and within the window after it. */
export function isAfter(scope: StatementScope, windowSeconds: number | undefined): string {
  const time = timeOf(scope);
  if (windowSeconds === undefined) return `${time} >= first`;
  return `${time} >= first AND ${time} < first + ${scope.bindings.bind("Int64", windowSeconds * 1_000)}`;
}

/** Whether an event is in the time before the first exposure. */
export function isBefore(scope: StatementScope): string {
  return `${timeOf(scope)} < first AND ${timeOf(scope)} >= first - ${scope.beforeMs}`;
}

/** The events of a unit for which a condition on `p` holds, in order of time. */
export const eventsWhere = (condition: string) => `arrayFilter(p -> ${condition}, events)`;

/** Another column of the same events. */
export const columnWhere = (column: string, condition: string) =>
  `arrayFilter((v, p) -> ${condition}, ${column}, events)`;

/** Something that is totalled per unit. */
export interface Quantity {
  bit: number;
  aggregate: Aggregation;
  /** Binary digits of fraction that its whole numbers have: none for counts, unless a cap may lie between two of them. */
  fraction: 0 | typeof FRACTION_BITS;
}

/** What each of the events under a condition adds to a quantity, as an array; `events` names the array of those events. */
export function contributions(scope: StatementScope, quantity: Quantity, condition: string, events: string): string {
  const { bit, aggregate, fraction } = quantity;
  const { signals } = scope;
  const whole = (value: string) =>
    fraction === 0 ? `toInt64(${value})` : `bitShiftLeft(toInt128(${value}), ${fraction})`;
  switch (aggregate.of) {
    case "count":
      return `arrayMap(p -> ${whole(signals.has(bit))}, ${events})`;
    case "sum": {
      const values = columnWhere(signals.number(aggregate.property), condition);
      return `arrayMap((v, p) -> if(${signals.has(bit)}, ${fixedPointSql("v")}, toInt128(0)), ${values}, ${events})`;
    }
    case "distinct": {
      const values = columnWhere(signals.identity(aggregate), condition);
      const own = `arrayMap((v, p) -> if(${signals.has(bit)}, v, 0), ${values}, ${events})`;
      return `arrayMap((v, i) -> ${whole("v != 0 AND i = 1")}, ${own}, arrayEnumerateUniq(${own}))`;
    }
  }
}
