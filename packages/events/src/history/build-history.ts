import type { MetricDefinition } from "@telltale/configuration";
import type { HistoryQuery } from "../history.ts";
import { conversionColumns, funnelColumns, retentionColumns } from "../moments/kinds/share.ts";
import { Bindings } from "../moments/sql/bindings.ts";
import { countSources, type SqlStatement } from "../moments/sql/build.ts";
import { columnListSql, layered } from "../moments/sql/layers.ts";
import { packingOf } from "../moments/sql/packing.ts";
import { DAY_MS, type StatementScope } from "../moments/sql/scope.ts";
import { Signals } from "../moments/sql/signals.ts";
import { unitPlaceSql } from "../moments/sql/units.ts";
import type { HistoryColumns } from "./history-columns.ts";
import { shareHistory } from "./share.ts";
import { totalsHistory } from "./totals.ts";

/** The whole question as one statement with one row, and how each metric is read off it. */
export function buildHistory(query: HistoryQuery): SqlStatement & { metricColumns: (HistoryColumns | undefined)[] } {
  const definitions = query.metrics.map(({ definition }) => definition);
  const scope = scopeOf(query, countSources(definitions.filter(({ kind }) => kind !== "quantile")));
  const metricColumns = definitions.map((definition, i) => columnsOf(definition, scope, i));
  const asked = metricColumns.filter((own) => own !== undefined);
  const whole = [
    // All units join in the one step that there is.
    { name: "joined", sql: "[count()]" },
    ...asked.flatMap((own) => own.whole),
  ];
  const answers = asked.flatMap(({ answer }) => answer);
  const shown = [
    "units",
    "joined",
    ...asked
      .flatMap((own) => (own.answer.length > 0 ? own.answer.filter(({ isInner }) => !isInner) : own.whole))
      .map(({ name }) => name),
  ];
  const text = `SELECT ${shown.join(", ")}
FROM
(
${layered(
  answers.filter(({ name, sql }) => name !== sql),
  `SELECT count() AS units${columnListSql(whole)}
FROM
(
${layered(
  asked.flatMap(({ unit }) => unit),
  unitsSql(query, scope),
)}
)`,
)}
)`;
  return { text, parameters: scope.bindings.values, metricColumns };
}

/** Undefined for a quantile: how far off one is depends on the values around it, not on their mean and spread. */
function columnsOf(definition: MetricDefinition, scope: StatementScope, i: number): HistoryColumns | undefined {
  switch (definition.kind) {
    case "conversion":
      return shareHistory(conversionColumns(definition, scope, i));
    case "retention":
      return shareHistory(retentionColumns(definition, scope, i));
    case "funnel":
      return shareHistory(funnelColumns(definition, scope, i));
    case "count":
    case "sum":
    case "mean":
    case "ratio":
      return totalsHistory(definition, scope, i);
    case "quantile":
      return undefined;
  }
}

/** All time is one step, and counts from `from`. */
function scopeOf(query: HistoryQuery, sources: number): StatementScope {
  const bindings = new Bindings();
  const toMs = Math.max(0, query.to.getTime() - query.from.getTime());
  return {
    bindings,
    signals: new Signals(bindings, query.by, sources),
    steps: 1,
    stepMs: toMs + 1,
    stepsBefore: 0,
    toMs,
    beforeMs: 0,
  };
}

/**
 * A row a unit that was active: the time of its `first` event of any kind, and the `events` of the metrics with their
 * value columns, as for moments.
 *
 * Rows are read with FINAL, as any event may be a unit's first, and only then is it known whether one counts that was
 * sent again: the copy that stays may lie before `from`. It is looked for among what was received up to a day before.
 */
function unitsSql(query: HistoryQuery, scope: StatementScope): string {
  const { bindings, signals } = scope;
  const packing = packingOf(signals);
  const time = `toUnixTimestamp64Milli(at) - ${bindings.bind("Int64", query.from.getTime())}`;
  const [from, to, since] = [query.from, query.to, new Date(query.from.getTime() - DAY_MS)].map((one) =>
    bindings.bind("DateTime64(3)", one),
  );
  const where = `${unitPlaceSql(query, bindings)} AND at >= ${from} AND at <= ${to} AND received >= ${since}`;
  const names = bindings.bind("Array(String)", signals.names);
  return `SELECT first, ${packing.columns.join(", ")}
FROM
(
  SELECT min(t) AS first, groupArrayIf(row, isAsked) AS rows
  FROM
  (
    SELECT unit, ${time} AS t, ${packing.none} AS row, false AS isAsked
    FROM exposure_event FINAL
    WHERE ${where}
    UNION ALL
    SELECT unit, ${time}, ${packing.none}, false
    FROM track_event FINAL
    WHERE ${where} AND name NOT IN ${names}
    UNION ALL
    SELECT unit, ${time} AS t, ${packing.row}, mask != 0
    FROM (SELECT *, ${signals.mask} AS mask FROM track_event FINAL WHERE ${where} AND name IN ${names})
  )
  GROUP BY cityHash64(unit)
)`;
}
