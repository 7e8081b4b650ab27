import type { EventSource, MetricDefinition } from "@telltale/configuration";
import type { MomentsQuery } from "../../moments.ts";
import { meanColumns, meanTotalled } from "../kinds/mean.ts";
import type { MetricColumns, SqlColumn } from "../kinds/metric-columns.ts";
import { quantileColumns } from "../kinds/quantile.ts";
import { ratioColumns, ratioTotalled } from "../kinds/ratio.ts";
import { conversionColumns, funnelColumns, retentionColumns } from "../kinds/share.ts";
import {
  absoluteCaps,
  CAPPED,
  type Caps,
  entries,
  floatOf,
  noCaps,
  totalsAfter,
  totalsBefore,
} from "../kinds/totals.ts";
import { Bindings } from "./bindings.ts";
import { columnListSql, layered } from "./layers.ts";
import type { StatementScope } from "./scope.ts";
import { boundsSql, createStatementScope, earlySql, type Slice, type UnitsQuery, unitsSql } from "./units.ts";

/** A statement with its values apart. */
export interface SqlStatement {
  text: string;
  parameters: Record<string, unknown>;
}

/** The whole question as one statement: a row an arm (and, with a breakdown, a row an arm and value). */
export function buildMoments(
  query: UnitsQuery,
  caps: readonly Caps[],
  values: readonly string[] | undefined,
  slice: Slice = {},
): SqlStatement & { scope: StatementScope; metricColumns: MetricColumns[] } {
  const bindings = new Bindings();
  const definitions = query.metrics.map(({ definition }) => definition);
  const scope = createStatementScope(query, bindings, countSources(definitions));
  const metricColumns = definitions.map((definition, i) => columnsOf(definition, scope, i, caps[i] ?? noCaps));
  const units = unitsSql(query, scope, values, slice);
  const inArm = [
    ...commonColumns(query, scope),
    ...eventCounts(query, scope, metricColumns),
    ...metricColumns.flatMap(({ arm }) => arm),
  ];
  const groups = values === undefined ? "GROUP BY arm" : "GROUP BY GROUPING SETS ((arm), (arm, slot))";
  const keys = values === undefined ? "arm, 0 AS slot, 1 AS isWhole" : "arm, slot, grouping(slot) AS isWhole";
  const hidden = new Set(
    metricColumns.flatMap((own) => (own.answer.length > 0 ? own.arm.map(({ name }) => name) : [])),
  );
  const answered = metricColumns.flatMap(({ answer }) => answer);
  const shown = [...inArm.filter(({ name }) => !hidden.has(name)), ...answered.filter(({ isInner }) => !isInner)];
  const text = `SELECT arm, slot, isWhole, ${shown.map(({ name }) => name).join(", ")}
FROM
(
${layered(
  answered.filter(({ name, sql }) => name !== sql),
  `SELECT ${keys}${columnListSql(inArm)}
FROM
(
${layered(
  metricColumns.flatMap(({ unit }) => unit),
  units,
)}
)
${groups}`,
)}
)`;
  return { text, parameters: bindings.values, scope, metricColumns };
}

function commonColumns(_query: MomentsQuery, { steps }: StatementScope): SqlColumn[] {
  return [
    { name: "units", sql: "count()" },
    { name: "joined", sql: `countResample(0, ${steps}, 1)(joinedStep)` },
    { name: "earliest", sql: "min(first)" },
    { name: "latest", sql: "max(last)" },
  ];
}

/** Name of the column that counts the events of these sources. */
export const eventsColumn = (bits: readonly number[]) => `events_${bits.join("_")}`;

function eventCounts(query: MomentsQuery, scope: StatementScope, metricColumns: MetricColumns[]): SqlColumn[] {
  const groups = new Map(metricColumns.flatMap(({ sources }) => sources).map((bits) => [eventsColumn(bits), bits]));
  const start = scope.stepsBefore * scope.stepMs + (query.from.getTime() % scope.stepMs);
  const time = `bitShiftRight(p, ${scope.signals.shift})`;
  return [...groups].map(([name, bits]) => {
    const isOf = bits.map((bit) => scope.signals.has(bit)).join(" OR ");
    return { name, sql: `sum(arrayCount(p -> (${isOf}) AND ${time} >= ${start}, events))` };
  });
}

/** The caps of the metrics that have one at a quantile, as one statement with one row: columns `c<metric>_<total>`. */
export function buildCaps(query: UnitsQuery): SqlStatement {
  const bindings = new Bindings();
  const definitions = query.metrics.map(({ definition }) => definition);
  const scope = createStatementScope(query, bindings, countSources(definitions));
  const columns: SqlColumn[] = [];
  const quantiles: SqlColumn[] = [];
  for (const [i, definition] of definitions.entries()) {
    const what = totalledOf(definition, scope);
    if (what?.cap === undefined || "at" in what.cap) continue;
    const m = `m${i}`;
    columns.push(...totalsAfter(scope, m, what, noCaps));
    if (scope.beforeMs > 0) columns.push(...totalsBefore(scope, m, what, noCaps));
    const { includeZeros } = what.cap;
    const level = bindings.bind("Float64", what.cap.level);
    for (const [name, quantity] of entries(what.quantities)) {
      for (const total of scope.beforeMs > 0 ? ([name, `${name}0`] as const) : [name]) {
        const value = floatOf(quantity, `${m}_${total}_total`);
        const counted = includeZeros ? "1" : `${value} != 0`;
        quantiles.push({
          name: `c${i}_${total}`,
          sql: `if(countIf(${counted}) = 0, NULL, quantileExactInclusiveIf(${level})(${value}, ${counted}))`,
        });
      }
    }
  }
  const text = `SELECT ${quantiles.map(({ name, sql }) => `${sql} AS ${name}`).join(",\n  ")}
FROM
(
SELECT * FROM
(
${layered(columns, unitsSql(query, scope, undefined))}
)
WHERE arm BETWEEN 1 AND ${query.variants.length}
)`;
  return { text, parameters: bindings.values };
}

/** The caps of each metric; `read` gives those that `buildCaps` asked for. */
export function readCaps(query: MomentsQuery, read: (column: string) => number | null): Caps[] {
  return query.metrics.map(({ definition }, i) => {
    if (!("cap" in definition) || definition.cap === undefined) return noCaps;
    const isRatio = definition.kind === "ratio" || definition.kind === "mean";
    const given = absoluteCaps(definition.cap, isRatio);
    if (given) return given;
    const caps = { ...noCaps };
    for (const name of CAPPED) {
      if (name.startsWith("x") && !isRatio) continue;
      if (name.endsWith("0") && query.beforeDays === 0) continue;
      caps[name] = read(`c${i}_${name}`);
    }
    return caps;
  });
}

/** Where the slices begin that the question is asked in: column `bounds` of one row. */
export function buildBounds(query: MomentsQuery, sliceUnits: number): SqlStatement {
  const bindings = new Bindings();
  return { text: boundsSql(query, bindings, sliceUnits), parameters: bindings.values };
}

/** Which units were exposed before `from`: column `early` of one row. */
export function buildEarly(query: MomentsQuery): SqlStatement {
  const bindings = new Bindings();
  return { text: earlySql(query, bindings), parameters: bindings.values };
}

/** The values of the breakdown's attribute with most counted units, largest first: column `value`. */
export function buildValues(query: UnitsQuery, limit: number): SqlStatement {
  const bindings = new Bindings();
  const scope = createStatementScope(query, bindings, 0);
  const text = `SELECT attribute AS value
FROM
(
${unitsSql(query, scope, [])}
)
WHERE arm BETWEEN 1 AND ${query.variants.length}
GROUP BY value
ORDER BY count() DESC, value
LIMIT ${limit}`;
  return { text, parameters: bindings.values };
}

function columnsOf(definition: MetricDefinition, scope: StatementScope, i: number, caps: Caps): MetricColumns {
  switch (definition.kind) {
    case "conversion":
      return conversionColumns(definition, scope, i);
    case "retention":
      return retentionColumns(definition, scope, i);
    case "funnel":
      return funnelColumns(definition, scope, i);
    case "count":
    case "sum":
      return meanColumns(definition, scope, i, caps);
    case "ratio":
    case "mean":
      return ratioColumns(definition, scope, i, caps);
    case "quantile":
      return quantileColumns(definition, scope, i);
  }
}

function totalledOf(definition: MetricDefinition, scope: StatementScope) {
  if (!("cap" in definition) || definition.cap === undefined) return undefined;
  return definition.kind === "count" || definition.kind === "sum"
    ? meanTotalled(definition, scope)
    : ratioTotalled(definition, scope);
}

/** At most so many bits are asked of the signals. */
export function countSources(definitions: readonly MetricDefinition[]): number {
  const keys = definitions.flatMap((definition) => {
    const key = ({ event, where }: EventSource, also: unknown = "") => JSON.stringify([event, where, also]);
    if (definition.kind === "funnel") return definition.steps.map((step) => key(step));
    if (definition.kind === "ratio") return [key(definition.numerator), key(definition.denominator)];
    const isValued = definition.kind === "mean" || (definition.kind === "quantile" && definition.per === "event");
    return [key(definition.source, isValued ? (definition.property ?? null) : "")];
  });
  return new Set(keys).size;
}
