import { Readable } from "node:stream";
import type { ClickHouseClient } from "@clickhouse/client";
import { COLUMNS, type EncodedEvents, EVENT_KINDS, type EventKind } from "./encode.ts";

/** What the lines of the release before begin with, in place of the first column. */
const KEYS = ["project", "environment"];

/**
 * Inserts groups of encoded events, one block a table; resolves when they are on disk. After a failure some tables may
 * have theirs, and all may be sent again. Events by keys go to the tables by keys: what they mean is known there.
 */
export async function insertEncoded(
  client: ClickHouseClient,
  groups: readonly EncodedEvents[],
  signal?: AbortSignal,
): Promise<void> {
  // All are awaited, also after one has failed: nothing of this insert is under way when the caller goes on.
  const results = await Promise.allSettled(
    [false, true].flatMap((isByKeys) => {
      const own = groups.filter((group) => (group.isByKeys ?? false) === isByKeys);
      return EVENT_KINDS.map((kind) => insert(client, isByKeys ? keyed(kind) : byId(kind), own, signal));
    }),
  );
  for (const result of results) if (result.status === "rejected") throw result.reason;
}

/** Where lines of a kind go. */
interface Target {
  kind: EventKind;
  table: string;
  columns: readonly string[];
}

const byId = (kind: EventKind): Target => ({ kind, table: `${kind}_event`, columns: COLUMNS[kind] });
const keyed = (kind: EventKind): Target => ({ kind, table: kind, columns: [...KEYS, ...COLUMNS[kind].slice(1)] });

async function insert(
  client: ClickHouseClient,
  { kind, table, columns }: Target,
  groups: readonly EncodedEvents[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const parts = groups.map((group) => group.lines[kind]).filter((lines) => lines.byteLength > 0);
  if (parts.length === 0) return;
  const [first, ...more] = columns;
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
