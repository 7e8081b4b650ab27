import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import { select } from "../connection.ts";
import { EVENT_KINDS, type EventKind } from "../encode.ts";

export interface EventIdsQuery {
  environmentId: string;
  /** Of events that were received from then on. */
  from: Date;
}

const part = (kind: EventKind) => `
SELECT id FROM ${kind}_event
WHERE environmentId = {environmentId:String} AND received >= {from:DateTime64(3)}`;

const QUERY = `SELECT DISTINCT id FROM (${EVENT_KINDS.map(part).join("\nUNION ALL")})`;

export async function selectEventIds(client: ClickHouseClient, query: EventIdsQuery): Promise<Set<string>> {
  const { environmentId, from } = query;
  const rows = await select(client, QUERY, { environmentId, from }, z.object({ id: z.string() }));
  return new Set(rows.map(({ id }) => id));
}
