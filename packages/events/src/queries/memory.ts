import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import { select } from "../connection.ts";
import { numeric } from "../numbers.ts";

const QUERY =
  "SELECT toUInt64OrZero(value) AS bytes FROM system.server_settings WHERE name = 'max_server_memory_usage'";

/** ClickHouse's ACCESS_DENIED, and UNKNOWN_TABLE of servers that are too old to say. */
const UNTOLD = new Set(["497", "60"]);

/** Memory that the server may use for everything together, bytes; undefined where it does not say. */
export async function selectMemory(client: ClickHouseClient): Promise<number | undefined> {
  try {
    const [row] = await select(client, QUERY, {}, z.object({ bytes: numeric }));
    return row === undefined || row.bytes === 0 ? undefined : row.bytes;
  } catch (error) {
    if (error instanceof Error && "code" in error && UNTOLD.has(String(error.code))) return undefined;
    throw error;
  }
}
