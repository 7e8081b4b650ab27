import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import { select } from "../connection.ts";
import { numeric } from "../numbers.ts";

export interface CountEventsQuery {
  project: string;
  environment: string;
  /** Counts events that happened then or later; all of them without it. */
  from?: Date;
}

/** Events by type, each id once. */
export interface EventCounts {
  exposures: number;
  tracks: number;
  evaluations: number;
}

const WHERE = "WHERE project = {project:String} AND environment = {environment:String} AND at >= {from:DateTime64(3)}";
const QUERY = `
SELECT
  (SELECT uniqExact(id) FROM exposure ${WHERE}) AS exposures,
  (SELECT uniqExact(id) FROM track ${WHERE}) AS tracks,
  (SELECT uniqExact(id) FROM evaluation ${WHERE}) AS evaluations`;

const row = z.object({ exposures: numeric, tracks: numeric, evaluations: numeric });

export async function selectEventCounts(client: ClickHouseClient, query: CountEventsQuery): Promise<EventCounts> {
  const { project, environment, from = new Date(0) } = query;
  const [counts] = await select(client, QUERY, { project, environment, from }, row);
  return counts ?? { exposures: 0, tracks: 0, evaluations: 0 };
}
