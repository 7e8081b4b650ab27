import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import { select } from "../connection.ts";

export interface EventIdsQuery {
  project: string;
  environment: string;
  /** Of events that were received from then on. */
  from: Date;
}

const part = (table: string) => `
SELECT id FROM ${table}
WHERE project = {project:String} AND environment = {environment:String} AND received >= {from:DateTime64(3)}`;

const QUERY = `SELECT DISTINCT id FROM (${["exposure", "track", "evaluation"].map(part).join("\nUNION ALL")})`;

export async function selectEventIds(client: ClickHouseClient, query: EventIdsQuery): Promise<Set<string>> {
  const { project, environment, from } = query;
  const rows = await select(client, QUERY, { project, environment, from }, z.object({ id: z.string() }));
  return new Set(rows.map(({ id }) => id));
}
