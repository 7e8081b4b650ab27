import { type ClickHouseClient, ClickHouseLogLevel, createClient } from "@clickhouse/client";
import type { z } from "zod";

const REQUEST_TIMEOUT_MS = 300_000;

/**
 * A client for `http://user:password@host:port/database`.
 * @param options.requestTimeoutMs longest silence of the server before a request fails
 */
export function openClickHouse(url: string, { requestTimeoutMs = REQUEST_TIMEOUT_MS } = {}): ClickHouseClient {
  return createClient({
    url,
    application: "telltale",
    request_timeout: requestTimeoutMs,
    // Errors reach the caller as rejections; the client need not print them too.
    log: { level: ClickHouseLogLevel.OFF },
  });
}

/** The database named in the URL, and the same URL without it. */
export function splitUrl(url: string): { database: string; server: string } {
  const parsed = new URL(url);
  const database = decodeURIComponent(parsed.pathname.slice(1)) || "default";
  parsed.pathname = "/";
  return { database, server: parsed.href };
}

/** Runs a query with bound parameters and checks each row's shape. */
export async function select<T extends z.ZodType>(
  client: ClickHouseClient,
  query: string,
  parameters: Record<string, unknown>,
  row: T,
  signal?: AbortSignal,
): Promise<z.output<T>[]> {
  const result = await client.query({
    query,
    query_params: parameters,
    format: "JSONEachRow",
    ...(signal && { abort_signal: signal }),
  });
  const rows: unknown[] = await result.json();
  return rows.map((value) => row.parse(value));
}
