import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import { select } from "../connection.ts";
import { numeric } from "../numbers.ts";

/** What one experiment's analysis asks for. Times are inclusive. */
export interface MomentsQuery {
  /** Key of the project. */
  project: string;
  /** Key of the environment. */
  environment: string;
  experiment: string;
  variants: string[];
  metrics: { key: string; eventName: string }[];
  from: Date;
  to: Date;
  /** The attribute that units are: `targetingKey` or another. */
  by: string;
  /** Length of the series' steps, seconds; they begin at multiples of it since 1970, UTC. */
  stepSeconds: number;
}

/**
 * Groups of units. `metric` 0 counts the units themselves; n counts those that had the n-th event at or after their
 * first exposure, by the step in which they first had it, with the sums of their values.
 */
const cell = z.object({
  variant: z.string(),
  several: numeric.transform(Boolean),
  joined: z.string(),
  metric: numeric,
  converted: z.string(),
  units: numeric,
  total: numeric,
  squares: numeric,
  firstExposure: numeric,
  lastEvent: numeric,
  rows: numeric,
});

export type Cell = z.output<typeof cell>;

/**
 * One pass over both tables, grouped by unit, so that memory is bounded by spilling and not by a join's hash table.
 * Exposures may repeat without harm (first and last of them are asked); tracks are read with FINAL, which drops repeats
 * before their values are summed.
 */
const QUERY = `
SELECT
  variant,
  several,
  formatDateTime(toDateTime(intDiv(toUnixTimestamp(first), {step:UInt32}) * {step:UInt32}, 'UTC'), '%Y-%m-%dT%H:%i:%SZ') AS joined,
  result.1 AS metric,
  formatDateTime(toDateTime(intDiv(toUnixTimestamp(result.2), {step:UInt32}) * {step:UInt32}, 'UTC'), '%Y-%m-%dT%H:%i:%SZ') AS converted,
  count() AS units,
  sum(result.3) AS total,
  sum(result.3 * result.3) AS squares,
  toUnixTimestamp64Milli(min(first)) AS firstExposure,
  toUnixTimestamp64Milli(max(last)) AS lastEvent,
  sumIf(rows, metric = 0) AS rows
FROM
(
  SELECT
    minIf(at, metric = 0) AS first,
    max(at) AS last,
    count() AS rows,
    minIf(shown, metric = 0) AS variant,
    variant != maxIf(shown, metric = 0) AS several,
    arrayFilter(e -> e.2 >= first, groupArrayIf((metric, at, value), metric > 0)) AS hits
  FROM
  (
    SELECT unit, at, variant AS shown, toUInt16(0) AS metric, toFloat64(0) AS value
    FROM exposure
    WHERE project = {project:String} AND environment = {environment:String}
      AND experiment = {experiment:String} AND by = {by:String}
      AND at >= {from:DateTime64(3)} AND at <= {to:DateTime64(3)}
    UNION ALL
    SELECT unit, at, '', toUInt16(indexOf({names:Array(String)}, name)), ifNull(value, 0)
    FROM track FINAL
    WHERE project = {project:String} AND environment = {environment:String}
      AND name IN {names:Array(String)} AND by = {by:String}
      AND at >= {from:DateTime64(3)} AND at <= {to:DateTime64(3)}
  )
  GROUP BY unit
  HAVING countIf(metric = 0) > 0
)
ARRAY JOIN arrayConcat(
  [(toUInt16(0), first, toFloat64(0))],
  arrayMap(
    m -> (
      m,
      arrayMin(e -> if(e.1 = m, e.2, toDateTime64('2299-01-01 00:00:00', 3, 'UTC')), hits),
      arraySum(e -> if(e.1 = m, e.3, 0), hits)
    ),
    arrayDistinct(hits.1)
  )
) AS result
GROUP BY variant, several, joined, metric, converted`;

/** Reads an experiment's units and conversions, grouped; `names` are the event names that `metric` counts from 1. */
export function selectCells(client: ClickHouseClient, query: MomentsQuery, names: string[]): Promise<Cell[]> {
  const { project, environment, experiment, by, from, to, stepSeconds: step } = query;
  return select(client, QUERY, { project, environment, experiment, by, from, to, names, step }, cell);
}
