import type { MetricDefinition } from "@telltale/configuration";
import type { AnswerRow } from "../answer/answer.ts";
import { twoMoments } from "../answer/exact.ts";
import { bucketSql, HALF, histogramOf } from "../answer/histogram.ts";
import { columnWhere, FRACTION_BITS, isAfter, type Quantity, type StatementScope, sourceSql } from "../sql/scope.ts";
import type { MetricColumns, SqlColumn } from "./metric-columns.ts";
import { floatOf, noCaps, totalsAfter } from "./totals.ts";

type Definition = Extract<MetricDefinition, { kind: "quantile" }>;

/** Standard normal quantile at 97.5 %: of a two-sided interval at 95 %. */
const Z = 1.959963984540054;
/** Distances from the level, in standard errors of it, at which values are read: up to those of long sequences. */
const DISTANCES = [1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 10, 12];
const WHOLE = { y: 0, x: 0 };

/** A quantile of units' totals, or of single events' values with units as clusters. */
export function quantileColumns(definition: Definition, scope: StatementScope, i: number): MetricColumns {
  return definition.per === "unit" ? ofUnits(definition, scope, i) : ofEvents(definition, scope, i);
}

function ofUnits(definition: Definition, scope: StatementScope, i: number): MetricColumns {
  const { source, property, windowSeconds, level, includeZeros } = definition;
  const m = `m${i}`;
  const y: Quantity = {
    bit: scope.signals.bit(source),
    aggregate: { of: "sum", property },
    fraction: FRACTION_BITS,
  };
  const value = { name: `${m}_value`, sql: floatOf(y, `${m}_y_total`) };
  const counted = includeZeros ? "1" : `${m}_value != 0`;
  return {
    unit: [...totalsAfter(scope, m, { quantities: { y }, windowSeconds, cap: undefined }, noCaps), value],
    arm: [
      { name: `${m}_values`, sql: `arraySort(groupArrayIf(${m}_value, ${counted}))` },
      {
        name: `${m}_spread`,
        sql: `countIfResample(-${HALF}, ${HALF}, 1)(${counted}, ${bucketSql(`${m}_value`)})`,
      },
    ],
    answer: [...readings(scope, m, level), { name: `${m}_spread`, sql: `${m}_spread` }],
    read: (answer) => ({
      form: "quantile",
      ...read(answer, m),
      histogram: histogramOf(answer.counts(`${m}_spread`)),
    }),
    steps: () => undefined,
    sources: [[y.bit]],
  };
}

/**
 * All values of an arm stand unit by unit in one array, with a mark at each unit's last: the running count of those at
 * or below the quantile, read at the marks, tells how many each unit has.
 */
function ofEvents(
  { source, property, windowSeconds, level }: Definition,
  scope: StatementScope,
  i: number,
): MetricColumns {
  const m = `m${i}`;
  const bit = scope.signals.bitWithValue(source, property);
  const values = columnWhere(
    scope.signals.number(property),
    `${sourceSql(scope, [bit])} AND ${isAfter(scope, windowSeconds)}`,
  );
  const atMarks = (running: string) => `arrayFilter((c, e) -> e, ${running}, ${m}_ends)`;
  const below = `arrayDifference(arrayPushFront(${atMarks(`arrayCumSum(v -> toInt64(v <= ${m}_at), ${m}_all)`)}, 0))`;
  const all = `arrayDifference(arrayPushFront(${atMarks(`arrayCumSum(v -> toInt64(1), ${m}_all)`)}, 0))`;
  return {
    unit: [
      { name: `${m}_own`, sql: values },
      { name: `${m}_last`, sql: `arrayMap(j -> j = length(${m}_own), arrayEnumerate(${m}_own))` },
    ],
    arm: [
      { name: `${m}_all`, sql: `groupArrayArray(${m}_own)` },
      { name: `${m}_ends`, sql: `groupArrayArray(${m}_last)` },
      { name: `${m}_values`, sql: `arraySort(${m}_all)` },
      {
        name: `${m}_spread`,
        sql: `countResampleArray(-${HALF}, ${HALF}, 1)(arrayMap(v -> ${bucketSql("v")}, ${m}_own))`,
      },
    ],
    answer: [
      ...readings(scope, m, level),
      { name: `${m}_spread`, sql: `${m}_spread` },
      { name: `${m}_below`, sql: below, isInner: true },
      { name: `${m}_each`, sql: all, isInner: true },
      ...products(m),
    ],
    read: (answer) => {
      const [y, x, yy, xx, xy] = ["y", "x", "yy", "xx", "xy"].map((name) => answer.integer(`${m}_${name}`));
      const n = answer.integer("units");
      return {
        form: "quantile",
        ...read(answer, m),
        inside: twoMoments({ n, y: y ?? 0n, x: x ?? 0n, yy: yy ?? 0n, xx: xx ?? 0n, xy: xy ?? 0n }, WHOLE),
        histogram: histogramOf(answer.counts(`${m}_spread`)),
      };
    },
    steps: () => undefined,
    sources: [[bit]],
  };
}

function read(answer: AnswerRow, m: string) {
  const n = answer.count(`${m}_n`);
  const float = (name: string) => (n === 0 ? null : answer.float(`${m}_${name}`));
  const bounds = answer.floats(`${m}_bounds`);
  const half = DISTANCES.length;
  return {
    n,
    value: float("at"),
    lower: float("lower"),
    upper: float("upper"),
    bounds: DISTANCES.map((z, k) => ({ z, low: bounds[k] ?? null, high: bounds[k + half] ?? null })),
  };
}

function products(m: string): SqlColumn[] {
  const sum = (name: string, sql: string) => ({ name: `${m}_${name}`, sql });
  return [
    sum("y", `arraySum(${m}_below)`),
    sum("x", `arraySum(${m}_each)`),
    sum("yy", `arraySum(b -> b * b, ${m}_below)`),
    sum("xx", `arraySum(b -> b * b, ${m}_each)`),
    sum("xy", `arraySum((b, c) -> b * c, ${m}_below, ${m}_each)`),
  ];
}

/** Type 7 quantiles of the sorted `m_values`: at the level, and at level +- z sqrt(level (1 - level) / n). */
function readings(scope: StatementScope, m: string, level: number): SqlColumn[] {
  const nu = scope.bindings.bind("Float64", level);
  const half = `(${Z} * sqrt(${nu} * (1 - ${nu}) / ${m}_n))`;
  const at = (name: string, place: string): SqlColumn[] => [
    { name: `${m}_${name}_place`, sql: `greatest(${m}_n - 1, 0) * ${place}`, isInner: true },
    { name: `${m}_${name}_low`, sql: `toUInt64(floor(${m}_${name}_place))`, isInner: true },
    {
      name: `${m}_${name}`,
      sql: `${m}_values[${m}_${name}_low + 1] + (${m}_${name}_place - ${m}_${name}_low) * (${m}_values[least(${m}_${name}_low + 2, ${m}_n)] - ${m}_values[${m}_${name}_low + 1])`,
    },
  ];
  return [
    { name: `${m}_n`, sql: `toInt64(length(${m}_values))` },
    ...at("at", nu),
    ...at("lower", `greatest(${nu} - ${half}, 0)`),
    ...at("upper", `least(${nu} + ${half}, 1)`),
    ...bounds(m, nu),
  ];
}

/**
 * The values at all distances below the level, then above it; NULL outside [0, 1]. They are read off `m_near`, the values
 * between the outermost, some 24 sqrt(level (1 - level) n) of them, since the store copies what a lambda reads for each of
 * its calls.
 */
function bounds(m: string, nu: string): SqlColumn[] {
  const inner = (name: string, sql: string): SqlColumn => ({ name: `${m}_${name}`, sql, isInner: true });
  const signed = [...DISTANCES.map((z) => -z), ...DISTANCES];
  const value = (place: string) => `${m}_near[${place} - ${m}_start + 1]`;
  return [
    inner("error", `sqrt(${nu} * (1 - ${nu}) / ${m}_n)`),
    inner("levels", `arrayMap(z -> ${nu} + z * ${m}_error, [${signed.join(", ")}])`),
    inner("places", `arrayMap(l -> greatest(${m}_n - 1, 0) * least(greatest(l, 0), 1), ${m}_levels)`),
    inner("lows", `arrayMap(p -> toInt64(floor(p)), ${m}_places)`),
    inner("start", `arrayMin(${m}_lows)`),
    inner("near", `arraySlice(${m}_values, ${m}_start + 1, arrayMax(${m}_lows) - ${m}_start + 2)`),
    {
      name: `${m}_bounds`,
      sql: `arrayMap((l, p, low) -> if(l BETWEEN 0 AND 1, ${value("low")} + (p - low) * (${value(`least(low + 1, ${m}_n - 1)`)} - ${value("low")}), NULL), ${m}_levels, ${m}_places, ${m}_lows)`,
    },
  ];
}
