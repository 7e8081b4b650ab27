import type { MomentsQuery } from "../../moments.ts";
import type { Bindings } from "./bindings.ts";
import { DAY_MS, type Scope } from "./scope.ts";
import { Signals } from "./signals.ts";

/** Later than any event: the first exposure of a unit that has none. */
const NEVER = "toInt64(9000000000000000)";

/** The units of one statement, in the order of their names: from the first on, before the second. */
export interface Slice {
  from?: string | undefined;
  until?: string | undefined;
}

/** A slice's units are estimated from about so many of them. */
const SAMPLE = 1_024;

/**
 * The names at which slices of the experiment's units begin but the first, as one row's column `bounds`. Both tables are
 * sorted by unit, so that a slice's statement reads no other rows.
 */
export function boundsSql(query: MomentsQuery, bindings: Bindings, sliceUnits: number): string {
  const every = Math.max(1, Math.floor(sliceUnits / SAMPLE));
  return `SELECT arrayMap(i -> names[intDiv(i * length(names), slices) + 1], range(1, slices)) AS bounds
FROM
(
SELECT arraySort(groupUniqArray(unit)) AS names, greatest(1, intDiv(length(names) * ${every}, ${Math.floor(sliceUnits)})) AS slices
FROM exposure
WHERE ${place(query, bindings)} AND experiment = ${bindings.bind("String", query.experiment)}
  AND ${inTime(query, bindings, 0)} AND cityHash64(unit) % ${every} = 0
)`;
}

function inSlice({ from, until }: Slice, bindings: Bindings): string {
  const start = from === undefined ? "" : ` AND unit >= ${bindings.bind("String", from)}`;
  return until === undefined ? start : `${start} AND unit < ${bindings.bind("String", until)}`;
}

/** When a statement's time begins, milliseconds since 1970: event times count from there, so that they are short. */
export const epochOf = ({ from, stepSeconds }: MomentsQuery, { stepMs, stepsBefore }: Scope) =>
  (Math.floor(from.getTime() / (stepSeconds * 1_000)) - stepsBefore) * stepMs;

/** What a statement about these metrics is about; `sources` as for Signals. */
export function scopeOf(query: MomentsQuery, bindings: Bindings, sources: number): Scope {
  const stepMs = query.stepSeconds * 1_000;
  const beforeMs = query.beforeDays * DAY_MS;
  const stepsBefore = Math.ceil(beforeMs / stepMs) + 1;
  const [first, last] = [query.from, query.to].map((time) => Math.floor(time.getTime() / stepMs));
  const steps = Math.max(1, (last ?? 0) - (first ?? 0) + 1);
  const scope = { bindings, signals: new Signals(bindings, query.by, sources), steps, stepMs, stepsBefore, beforeMs };
  return { ...scope, toMs: query.to.getTime() - epochOf(query, { ...scope, toMs: 0 }) };
}

/**
 * A row a unit: `first` and `last` time, `joinedStep`, `arm` (from 1; 0 for none that was asked for, one more than there
 * are for several), its `events` in order of time, packed, with their value columns, and with a breakdown its `slot`:
 * the place of its attribute among `values`, 0 for none of them. Read with FINAL: a repeat may say another time.
 */
export function unitsSql(
  query: MomentsQuery,
  scope: Scope,
  values: readonly string[] | undefined,
  slice: Slice = {},
): string {
  const { bindings, signals } = scope;
  const variants = bindings.bind("Array(String)", query.variants);
  const columns = signals.columns.map(({ name }) => name);
  const attribute = values === undefined ? "" : ", argMinIf(attribute, (t, id), isMet) AS attribute";
  const slot = values === undefined ? "0" : `indexOf(${bindings.bind("Array(String)", values)}, attribute)`;
  const rows = [exposures(query, scope, slice, values !== undefined)];
  if (signals.names.length > 0) rows.push(tracks(query, scope, slice, values !== undefined));
  return `SELECT first, last, toUInt16(multiIf(first = ${NEVER}, 0, least != most, ${query.variants.length + 1}, indexOf(arrayMap(v -> sipHash64(v), ${variants}), least))) AS arm,
  toUInt16(${slot}) AS slot, intDiv(first, ${scope.stepMs}) - ${scope.stepsBefore} AS joinedStep${values === undefined ? "" : ", attribute"},
  arraySort(packs) AS events${columns.map((name) => `, arraySort((v, p) -> p, ${name}s, packs) AS ${name}`).join("")}
FROM
(
  SELECT min(met) AS first, max(t) AS last, minIf(shown, isMet) AS least, maxIf(shown, isMet) AS most${attribute},
    groupArrayIf(pack, NOT isMet) AS packs${columns.map((name) => `, groupArrayIf(${name}, NOT isMet) AS ${name}s`).join("")}
  FROM
  (
${rows.join("\n    UNION ALL\n")}
  )
  GROUP BY unit
)`;
}

function exposures(query: MomentsQuery, scope: Scope, slice: Slice, isBrokenDown: boolean): string {
  const { bindings, signals } = scope;
  const attribute = isBrokenDown
    ? `, attributes[${bindings.bind("String", query.breakdown ?? "")}] AS attribute, id`
    : "";
  const none = signals.columns.map(({ name, sql }) => `, ${zeroLike(sql)} AS ${name}`).join("");
  return `    SELECT unit, ${timeSql(query, scope)} AS t, t AS met, true AS isMet, sipHash64(variant) AS shown, toUInt${signals.width}(0) AS pack${none}${attribute}
    FROM exposure FINAL
    WHERE ${place(query, bindings)}${inSlice(slice, bindings)} AND experiment = ${bindings.bind("String", query.experiment)} AND ${inTime(query, bindings, 0)}`;
}

function tracks(query: MomentsQuery, scope: Scope, slice: Slice, isBrokenDown: boolean): string {
  const { bindings, signals } = scope;
  const { shift, width } = signals;
  const columns = signals.columns.map(({ name, sql }) => `, ${sql} AS ${name}`).join("");
  return `    SELECT unit, ${timeSql(query, scope)} AS t, ${NEVER}, false, toUInt64(0), bitOr(bitShiftLeft(toUInt${width}(t), ${shift}), mask) AS pack${columns}${isBrokenDown ? ", '', ''" : ""}
    FROM (SELECT *, ${signals.mask} AS mask FROM track FINAL
      WHERE ${place(query, bindings)}${inSlice(slice, bindings)} AND name IN ${bindings.bind("Array(String)", signals.names)} AND ${inTime(query, bindings, scope.beforeMs)})
    WHERE mask != 0`;
}

/** Hashes of identities are UInt64, all other values Float64. */
const zeroLike = (sql: string) => (sql.includes("sipHash64(") ? "toUInt64(0)" : "toFloat64(0)");

const timeSql = (query: MomentsQuery, scope: Scope) =>
  `toUnixTimestamp64Milli(at) - ${scope.bindings.bind("Int64", epochOf(query, scope))}`;

function place({ project, environment, by }: MomentsQuery, bindings: Bindings): string {
  const [p, e, b] = [project, environment, by].map((value) => bindings.bind("String", value));
  return `project = ${p} AND environment = ${e} AND by = ${b}`;
}

/** Nothing happens after it is received, so the condition on \`received\` loses nothing and spares older partitions. */
function inTime({ from, to }: MomentsQuery, bindings: Bindings, beforeMs: number): string {
  const start = bindings.bind("DateTime64(3)", new Date(from.getTime() - beforeMs));
  return `at >= ${start} AND at <= ${bindings.bind("DateTime64(3)", to)} AND received >= ${start}`;
}
