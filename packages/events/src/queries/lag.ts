import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import { select } from "../connection.ts";
import { EVENT_KINDS, type EventKind } from "../encode.ts";
import { numeric } from "../numbers.ts";

export interface LagQuery {
  environmentId: string;
  /** Of events that were received from then on. */
  from: Date;
}

/** Milliseconds that half and 99 of 100 events took at most. */
export interface Lag {
  p50: number;
  p99: number;
}

export interface IngestionLag {
  events: number;
  /** From when it happened to when the edge had it: what SDKs hold back, and networks. */
  toReceived: Lag;
  /** From the edge to the store: small, and long for what had to wait in a spool. */
  toStored: Lag;
  /** When the newest was received: ISO 8601, UTC. */
  newest: string;
}

const part = (kind: EventKind) => `
SELECT received, at, stored FROM ${kind}_event FINAL
WHERE environmentId = {environmentId:String} AND received >= {from:DateTime64(3)}`;

const QUERY = `
SELECT
  count() AS events,
  quantiles(0.5, 0.99)(dateDiff('millisecond', at, received)) AS toReceived,
  quantiles(0.5, 0.99)(greatest(dateDiff('millisecond', received, stored), 0)) AS toStored,
  toUnixTimestamp64Milli(max(received)) AS newest
FROM (${EVENT_KINDS.map(part).join("\nUNION ALL")})
HAVING events > 0`;

const lag = z.tuple([numeric, numeric]).transform(([p50, p99]): Lag => ({ p50, p99 }));
const row = z.object({ events: numeric, toReceived: lag, toStored: lag, newest: numeric });

export async function selectLag(client: ClickHouseClient, query: LagQuery): Promise<IngestionLag | undefined> {
  const { environmentId, from } = query;
  const [found] = await select(client, QUERY, { environmentId, from }, row);
  return found && { ...found, newest: new Date(found.newest).toISOString() };
}
