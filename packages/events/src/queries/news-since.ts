import type { ClickHouseClient } from "@clickhouse/client";
import type { EventSource, MetricDefinition } from "@telltale/configuration";
import { z } from "zod";
import { select } from "../connection.ts";
import type { MomentsQuery } from "../moments.ts";
import { numeric } from "../numbers.ts";

/** What news of an experiment are asked by. */
export type NewsQuery = Pick<MomentsQuery, "environmentId" | "experiment" | "by" | "metrics">;

const WHERE = "WHERE environmentId = {environmentId:String} AND by = {by:String} AND stored > {since:DateTime64(3)}";

/** Each half stops at the first row that it finds; an index by blocks of rows skips what was stored before. */
const QUERY = `
SELECT count() AS found FROM
(
  SELECT 1 FROM exposure_event ${WHERE} AND experiment = {experiment:String} LIMIT 1
  UNION ALL
  SELECT 1 FROM track_event ${WHERE} AND name IN {names:Array(String)} LIMIT 1
)`;

/**
 * Whether an exposure of the experiment or an event of its metrics' names was stored after a moment. A row shows a
 * little later than it says: ask from a moment before the last analysis began, by as much as an insert may take.
 */
export async function selectNewsSince(client: ClickHouseClient, query: NewsQuery, since: Date): Promise<boolean> {
  const { environmentId, experiment, by, metrics } = query;
  const names = [...new Set(metrics.flatMap(({ definition }) => sourcesOf(definition)).map(({ event }) => event))];
  const parameters = { environmentId, experiment, by, names, since };
  const [row] = await select(client, QUERY, parameters, z.object({ found: numeric }));
  return (row?.found ?? 0) > 0;
}

function sourcesOf(definition: MetricDefinition): EventSource[] {
  if (definition.kind === "funnel") return definition.steps;
  if (definition.kind === "ratio") return [definition.numerator, definition.denominator];
  return [definition.source];
}
