import { Readable } from "node:stream";
import type { ClickHouseClient } from "@clickhouse/client";
import { COLUMNS, type EncodedEvents, EVENT_TABLES, type EventTable } from "./encode.ts";

/**
 * Inserts groups of encoded events, one block a table; resolves when they are on disk. After a failure some tables may
 * have theirs, and all may be sent again.
 */
export async function insertEncoded(
  client: ClickHouseClient,
  groups: readonly EncodedEvents[],
  signal?: AbortSignal,
): Promise<void> {
  // All are awaited, also after one has failed: nothing of this insert is under way when the caller goes on.
  const results = await Promise.allSettled(EVENT_TABLES.map((table) => insert(client, table, groups, signal)));
  for (const result of results) if (result.status === "rejected") throw result.reason;
}

async function insert(
  client: ClickHouseClient,
  table: EventTable,
  groups: readonly EncodedEvents[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const parts = groups.map((group) => group.lines[table]).filter((lines) => lines.byteLength > 0);
  if (parts.length === 0) return;
  const [first, ...more] = COLUMNS[table];
  await client.insert({
    table,
    columns: [first ?? "", ...more],
    values: Readable.from([Buffer.concat(parts)], { objectMode: false }),
    format: "TabSeparated",
    ...(signal && { abort_signal: signal }),
    clickhouse_settings: {
      // Synchronous: the answer comes when the rows are written, not when they are queued; in a cluster, on the shards.
      async_insert: 0,
      distributed_foreground_insert: 1,
      // A column that a line leaves out at its end has its default.
      input_format_tsv_allow_variable_number_of_columns: 1,
    },
  });
}

/** Errors that say that the rows themselves cannot be read; sent again they would fail again. */
const UNREADABLE = new Set(["6", "26", "27", "38", "41", "53", "69", "70", "72", "117", "130", "131", "321"]);

/** Whether the store refused these rows for what is in them, rather than for its own state. */
export function isUnreadable(error: unknown): boolean {
  return error instanceof Error && "code" in error && UNREADABLE.has(String(error.code));
}
