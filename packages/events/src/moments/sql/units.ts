import type { MomentsQuery } from "../../moments.ts";
import type { Bindings } from "./bindings.ts";
import { packingOf } from "./packing.ts";
import { DAY_MS, type StatementScope } from "./scope.ts";
import { Signals } from "./signals.ts";

/** Later than any event: the first exposure of a unit that has none. */
const NEVER = "toInt64(9000000000000000)";

/** The units of one statement, in the order of their names: from the first on, before the second. */
export interface Slice {
  from?: string | undefined;
  until?: string | undefined;
}

/**
 * Copies of an event differ by what the network took. Tracks are read from so long before the first that counts, to know
 * a copy that seems to count from one that stays and does not.
 */
const APART_MS = DAY_MS;

/** Units that are named in a statement: a statement's parameters travel in its address, which is not long. */
const EARLY_MAX = 200;

/** A query, and which of its units were exposed before `from` too (usually few: their clocks were set late). */
export interface UnitsQuery extends MomentsQuery {
  early: readonly string[] | "many";
}

/** The units that were exposed before `from`, as one row's column `early`; one more than are named stands for many. */
export function earlySql(query: MomentsQuery, bindings: Bindings): string {
  return `SELECT groupUniqArray(${EARLY_MAX + 1})(unit) AS early
FROM exposure_event
WHERE ${unitPlaceSql(query, bindings)} AND experiment = ${bindings.bind("String", query.experiment)} AND at < ${bindings.bind("DateTime64(3)", query.from)}`;
}

/** What `earlySql` found. */
export const earlyOf = (units: readonly string[]): UnitsQuery["early"] => (units.length > EARLY_MAX ? "many" : units);

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
FROM exposure_event
WHERE ${unitPlaceSql(query, bindings)} AND experiment = ${bindings.bind("String", query.experiment)}
  AND ${inTime(query, bindings, 0)} AND cityHash64(unit) % ${every} = 0
)`;
}

function inSlice({ from, until }: Slice, bindings: Bindings): string {
  const start = from === undefined ? "" : ` AND unit >= ${bindings.bind("String", from)}`;
  return until === undefined ? start : `${start} AND unit < ${bindings.bind("String", until)}`;
}

/** When a statement's time begins, milliseconds since 1970: event times count from there, so that they are short. */
export const epochOf = ({ from, stepSeconds }: MomentsQuery, { stepMs, stepsBefore }: StatementScope) =>
  (Math.floor(from.getTime() / (stepSeconds * 1_000)) - stepsBefore) * stepMs;

/** What a statement about these metrics is about; `sources` as for Signals. */
export function createStatementScope(query: MomentsQuery, bindings: Bindings, sources: number): StatementScope {
  const stepMs = query.stepSeconds * 1_000;
  const beforeMs = query.beforeDays * DAY_MS;
  const stepsBefore = Math.ceil((beforeMs + APART_MS) / stepMs) + 1;
  const [first, last] = [query.from, query.to].map((time) => Math.floor(time.getTime() / stepMs));
  const steps = Math.max(1, (last ?? 0) - (first ?? 0) + 1);
  const scope = { bindings, signals: new Signals(bindings, query.by, sources), steps, stepMs, stepsBefore, beforeMs };
  return { ...scope, toMs: query.to.getTime() - epochOf(query, { ...scope, toMs: 0 }) };
}

/**
 * A row a unit: `first` and `last` time, `joinedStep`, `arm` (from 1; 0 for none that was asked for, one more than there
 * are for several), its `events` in order of time, packed, with their value columns, and with a breakdown its `slot`:
 * the place of its attribute among `values`, 0 for none of them.
 *
 * Grouped by a hash of 64 bits, a fifth cheaper than the text: that any two of ten million units of one question fall
 * together has a chance of 1e14 / 2 / 2^64 = 3e-6 (less in slices), and moves the answer by one unit.
 */
export function unitsSql(
  query: UnitsQuery,
  scope: StatementScope,
  values: readonly string[] | undefined,
  slice: Slice = {},
): string {
  const { bindings, signals } = scope;
  const variants = bindings.bind("Array(String)", query.variants);
  const attribute = values === undefined ? "" : ", argMinIf(attribute, (t, id), isMet) AS attribute";
  const slot = values === undefined ? "0" : `indexOf(${bindings.bind("Array(String)", values)}, attribute)`;
  const isBrokenDown = values !== undefined;
  const rows = exposures(query, scope, slice, isBrokenDown);
  if (signals.names.length > 0) rows.push(tracks(query, scope, slice, isBrokenDown));
  return `SELECT first, greatest(first, toInt64(bitShiftRight(events[-1], ${signals.shift}))) AS last,
  toUInt16(multiIf(first = ${NEVER}, 0, least != most, ${query.variants.length + 1}, indexOf(arrayMap(v -> sipHash64(v), ${variants}), least))) AS arm,
  toUInt16(${slot}) AS slot, intDiv(first, ${scope.stepMs}) - ${scope.stepsBefore} AS joinedStep${isBrokenDown ? ", attribute" : ""},
  ${packingOf(signals).columns.join(", ")}
FROM
(
  SELECT min(met) AS first, minIf(shown, isMet) AS least, maxIf(shown, isMet) AS most${attribute},
    groupArrayIf(row, NOT isMet) AS rows
  FROM
  (
${rows.join("\n    UNION ALL\n")}
  )
  GROUP BY cityHash64(unit)
)`;
}

/**
 * Exposures are read as they lie, repeats too: a repeat is of the same variant and not earlier than the copy that stays,
 * so that it changes neither a unit's first exposure nor its arm. Only where the copy that stays lies before `from` may
 * another one seem to count: the units of `early` are read with FINAL, and however long ago that copy was received.
 */
function exposures(query: UnitsQuery, scope: StatementScope, slice: Slice, isBrokenDown: boolean): string[] {
  const { bindings, signals } = scope;
  const attribute = isBrokenDown
    ? `, attributes[${bindings.bind("String", query.breakdown ?? "")}] AS attribute, id`
    : "";
  const read = (from: string, where: string) =>
    `    SELECT unit, ${timeSql(query, scope)} AS t, t AS met, true AS isMet, sipHash64(variant) AS shown, ${packingOf(signals).none} AS row${attribute}
    FROM ${from}
    WHERE ${unitPlaceSql(query, bindings)}${inSlice(slice, bindings)} AND experiment = ${bindings.bind("String", query.experiment)} AND ${where}`;
  const { early } = query;
  if (early === "many") return [read("exposure_event FINAL", happened(query, bindings, 0))];
  if (early.length === 0) return [read("exposure_event", inTime(query, bindings, 0))];
  const units = bindings.bind("Array(String)", early);
  return [
    read("exposure_event", `unit NOT IN ${units} AND ${inTime(query, bindings, 0)}`),
    read("exposure_event FINAL", `unit IN ${units} AND ${happened(query, bindings, 0)}`),
  ];
}

/** Tracks as they lie, repeats too, which the packing drops; since the statement's time began, so that it sees them. */
function tracks(query: MomentsQuery, scope: StatementScope, slice: Slice, isBrokenDown: boolean): string {
  const { bindings, signals } = scope;
  const margin = query.from.getTime() - epochOf(query, scope);
  return `    SELECT unit, ${timeSql(query, scope)} AS t, ${NEVER}, false, toUInt64(0), ${packingOf(signals).row} AS row${isBrokenDown ? ", '', ''" : ""}
    FROM (SELECT *, ${signals.mask} AS mask FROM track_event
      WHERE ${unitPlaceSql(query, bindings)}${inSlice(slice, bindings)} AND name IN ${bindings.bind("Array(String)", signals.names)} AND ${inTime(query, bindings, margin)})
    WHERE mask != 0`;
}

const timeSql = (query: MomentsQuery, scope: StatementScope) =>
  `toUnixTimestamp64Milli(at) - ${scope.bindings.bind("Int64", epochOf(query, scope))}`;

/** Whether a row is of the environment and the kind of unit. */
export function unitPlaceSql(
  { environmentId, by }: Pick<MomentsQuery, "environmentId" | "by">,
  bindings: Bindings,
): string {
  return `environmentId = ${bindings.bind("String", environmentId)} AND by = ${bindings.bind("String", by)}`;
}

/** Nothing happens after it is received, so the condition on `received` loses nothing and spares older partitions. */
function inTime(query: MomentsQuery, bindings: Bindings, beforeMs: number): string {
  return `${happened(query, bindings, beforeMs)} AND received >= ${startOf(query, bindings, beforeMs)}`;
}

function happened(query: MomentsQuery, bindings: Bindings, beforeMs: number): string {
  return `at >= ${startOf(query, bindings, beforeMs)} AND at <= ${bindings.bind("DateTime64(3)", query.to)}`;
}

const startOf = ({ from }: MomentsQuery, bindings: Bindings, beforeMs: number) =>
  bindings.bind("DateTime64(3)", new Date(from.getTime() - beforeMs));
