import type { Signals } from "./signals.ts";

/** Bits of a value column (a Float64, or a hash), and of the hash that repeats are known by. */
const VALUE_BITS = 64;
const WIDTHS = [64, 128, 256] as const;

/** How track rows go through the grouping by unit: each as one `row`, so that a unit has one array, which is sorted once. */
export interface Packing {
  /** What stands instead of a row where there is no track. */
  none: string;
  /** The row of a track, which has its time `t` and its sources `mask`. */
  row: string;
  /** The columns of a unit over its array `rows`: `events` in order of time, each once, and their value columns. */
  columns: string[];
}

/** A part of a row: `sql` over a track, `zero` of the same type. */
interface Field {
  name: string;
  sql: string;
  zero: string;
}

/**
 * Of copies of an event the earliest is the first in order of time, and stays. They are known by a hash of 64 bits among
 * the events of one unit: of ten thousand, one is lost by chance in 4e11 such units.
 *
 * A row is a single whole number where 256 bits suffice, that is up to two value columns: the store keeps and sorts
 * arrays of numbers faster than of tuples, which take the rest.
 */
export function packingOf({ columns, width, shift }: Signals): Packing {
  const event: Field = {
    name: "events",
    sql: `bitOr(bitShiftLeft(toUInt${width}(t), ${shift}), mask)`,
    zero: `toUInt${width}(0)`,
  };
  const values = columns.map(({ name, sql }): Field => ({ name, sql, zero: zeroLike(sql) }));
  const fields = [event, ...values, { name: "idents", sql: "cityHash64(name, id)", zero: "toUInt64(0)" }];
  const total = WIDTHS.find((bits) => bits >= width + (columns.length + 1) * VALUE_BITS);
  return total === undefined ? tuples(fields) : numbers(fields, width, total);
}

const sorted = (ident: string) => [
  "arraySort(rows) AS copies",
  `arrayFilter((r, nth) -> nth = 1, copies, arrayEnumerateUniq(${ident})) AS sorted`,
];

function tuples(fields: readonly Field[]): Packing {
  return {
    none: `(${fields.map(({ zero }) => zero).join(", ")})`,
    row: `(${fields.map(({ sql }) => sql).join(", ")})`,
    columns: [
      ...sorted(`copies.${fields.length}`),
      ...fields.slice(0, -1).map(({ name }, k) => `sorted.${k + 1} AS ${name}`),
    ],
  };
}

function numbers(fields: readonly Field[], width: number, total: number): Packing {
  const shiftOf = (k: number) => (fields.length - 1 - k) * VALUE_BITS;
  const bits = ({ sql, zero }: Field) => (isFloat(zero) ? `reinterpretAsUInt64(${sql})` : sql);
  const parts = fields.map((field, k) => `bitShiftLeft(toUInt${total}(${bits(field)}), ${shiftOf(k)})`);
  const columns = fields.slice(0, -1).map(({ name, zero }, k) => {
    const part = `toUInt${k === 0 ? width : VALUE_BITS}(bitShiftRight(r, ${shiftOf(k)}))`;
    return `arrayMap(r -> ${isFloat(zero) ? `reinterpretAsFloat64(${part})` : part}, sorted) AS ${name}`;
  });
  return {
    none: `toUInt${total}(0)`,
    row: parts.reduce((all, one) => `bitOr(${all}, ${one})`),
    columns: [...sorted(`arrayMap(r -> toUInt${VALUE_BITS}(r), copies)`), ...columns],
  };
}

/** Hashes of identities are UInt64, all other values Float64. */
const zeroLike = (sql: string) => (sql.includes("sipHash64(") ? "toUInt64(0)" : "toFloat64(0)");
const isFloat = (zero: string) => zero.startsWith("toFloat64");
