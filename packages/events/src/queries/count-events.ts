import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import { select } from "../connection.ts";
import { numeric } from "../numbers.ts";

export interface CountEventsQuery {
  environmentId: string;
  /** Counts events that happened then or later; all of them without it. */
  from?: Date;
}

/** Events by type, each id once. */
export interface EventCounts {
  exposures: number;
  tracks: number;
  evaluations: number;
}

const WHERE = "WHERE environmentId = {environmentId:String} AND at >= {from:DateTime64(3)}";
const QUERY = `
SELECT
  (SELECT uniqExact(id) FROM exposure_event ${WHERE}) AS exposures,
  (SELECT uniqExact(id) FROM track_event ${WHERE}) AS tracks,
  (SELECT uniqExact(id) FROM evaluation_event ${WHERE}) AS evaluations`;

const row = z.object({ exposures: numeric, tracks: numeric, evaluations: numeric });

export async function selectEventCounts(client: ClickHouseClient, query: CountEventsQuery): Promise<EventCounts> {
  const { environmentId, from = new Date(0) } = query;
  const [counts] = await select(client, QUERY, { environmentId, from }, row);
  return counts ?? { exposures: 0, tracks: 0, evaluations: 0 };
}
