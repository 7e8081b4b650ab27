import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import { select } from "../connection.ts";
import { numeric } from "../numbers.ts";

export interface ObservationsQuery {
  environmentId: string;
  flag: string;
  /** Id of the rule whose variants are compared; empty for everyone else. */
  rule: string;
  /** Of what happened from then on. */
  since: Date;
  /** Names of metrics; `exposed` is who was served. */
  metrics: readonly string[];
}

/** What was observed of a metric in units that were served a variant by one version of the ruleset. */
export interface Observations {
  metric: string;
  variant: string;
  version: number;
  /** All of them, whether units were sampled or not. */
  observations: number;
  /**
   * Distinct units that were served (of `exposed`) or failed (of all others). A unit that fails counts once in a metric,
   * where its first event is; one that is served, once for each variant. Whole units of the sample: not scaled up.
   */
  units: number;
  /** How often the metric's sample of units was halved, the same for all its variants and versions: 0 while all are counted. */
  halvings: number;
  /** Of the last observation, milliseconds since 1970. */
  last: number;
  /** Of the observations' values and of their squares; null where none has a value, or the sum is not finite. */
  sum: number | null;
  squares: number | null;
}

/** An event happens before it is received, so the condition on `received` loses nothing and spares older partitions. */
const HELD = `
SELECT metric, variant, version, at, count, sum, squares, halvings, units
FROM observation_event FINAL
WHERE environmentId = {environmentId:String} AND flag = {flag:String} AND rule = {rule:String}
  AND metric IN {metrics:Array(String)} AND at >= {since:DateTime64(3)} AND received >= {since:DateTime64(3)}`;

/**
 * Units of one metric are thinned to its smallest sample, so that all are sampled alike. A unit stands where it was first:
 * by time, then the lower version, then the variant.
 */
const QUERY = `
WITH (
  SELECT mapFromArrays(groupArray(metric), groupArray(most))
  FROM (SELECT metric, max(halvings) AS most FROM (${HELD}) GROUP BY metric)
) AS thinning
SELECT metric, variant, version, observations, units, thinning[metric] AS halvings, last, total AS sum, ofSquares AS squares
FROM
(
  SELECT metric, variant, version, sum(count) AS observations, toUnixTimestamp64Milli(max(at)) AS last, sum(sum) AS total, sum(squares) AS ofSquares
  FROM (${HELD})
  GROUP BY metric, variant, version
) AS arms
LEFT JOIN
(
  SELECT metric, first.3 AS variant, first.2 AS version, count() AS units
  FROM
  (
    SELECT metric, unit, if(metric = 'exposed', variant, '') AS arm, min((at, version, variant)) AS first
    FROM (${HELD})
    ARRAY JOIN units AS unit
    WHERE unit < bitShiftRight(toUInt64(4294967296), thinning[metric])
    GROUP BY metric, unit, arm
  )
  GROUP BY metric, variant, version
) AS failed USING (metric, variant, version)
ORDER BY metric, variant, version`;

const row = z.object({
  metric: z.string(),
  variant: z.string(),
  version: numeric,
  observations: numeric,
  units: numeric,
  halvings: numeric,
  last: numeric,
  sum: numeric.nullable(),
  squares: numeric.nullable(),
});

export function selectObservations(
  client: ClickHouseClient,
  { metrics, ...query }: ObservationsQuery,
  signal?: AbortSignal,
): Promise<Observations[]> {
  return select(client, QUERY, { ...query, metrics: [...metrics] }, row, signal);
}
