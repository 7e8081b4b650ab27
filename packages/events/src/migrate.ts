import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import { connect, select, splitUrl } from "./connection.ts";
import { numeric } from "./numbers.ts";
import { migrations } from "./schema/migrations.ts";

const HISTORY = `CREATE TABLE IF NOT EXISTS schema_migrations
  (version UInt32, name String, applied DateTime64(3, 'UTC') DEFAULT now64(3))
  ENGINE = ReplacingMergeTree ORDER BY version`;

/** Makes the database if it is missing and applies the steps that it has not seen. Any number of processes may. */
export async function migrate(url: string, client: ClickHouseClient): Promise<void> {
  await createDatabase(url);
  await client.command({ query: HISTORY });
  const applied = await select(
    client,
    "SELECT DISTINCT version FROM schema_migrations",
    {},
    z.object({ version: numeric }),
  );
  const known = new Set(applied.map((row) => row.version));
  for (const { version, name, statements } of migrations) {
    if (known.has(version)) continue;
    for (const query of statements) await client.command({ query });
    await client.insert({
      table: "schema_migrations",
      values: [{ version, name }],
      columns: ["version", "name"],
      format: "JSONEachRow",
      clickhouse_settings: { async_insert: 0 },
    });
  }
}

/** Asked of the server's default database, since a connection to one that does not exist is refused. */
async function createDatabase(url: string): Promise<void> {
  const { database, server } = splitUrl(url);
  if (database === "default") return;
  const client = connect(server);
  try {
    await client.command({
      query: "CREATE DATABASE IF NOT EXISTS {database:Identifier}",
      query_params: { database },
    });
  } finally {
    await client.close();
  }
}
