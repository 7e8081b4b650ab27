import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import { openClickHouse, select, splitUrl } from "./connection.ts";
import { numeric } from "./numbers.ts";
import { carryOver, type EnvironmentKeys, type UnmappedRows } from "./schema/carry-over.ts";
import { type Layout, localName, onCluster, ttl } from "./schema/layout.ts";
import { keptTables, migrations } from "./schema/migrations.ts";

const HISTORY = `CREATE TABLE IF NOT EXISTS schema_migrations
  (version UInt32, name String, applied DateTime64(3, 'UTC') DEFAULT now64(3))
  ENGINE = ReplacingMergeTree ORDER BY version`;

/**
 * Makes the database if it is missing, applies the steps that it has not seen and carries over what is stored by keys.
 * Any number of processes may.
 * @returns rows that stay by keys, as no environment is known for theirs
 */
export async function migrate(
  url: string,
  client: ClickHouseClient,
  layout: Layout,
  environments: readonly EnvironmentKeys[],
): Promise<UnmappedRows[]> {
  await createDatabase(url, layout);
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
    const queries = Array.isArray(statements) ? statements : statements(layout);
    for (const query of queries) await client.command({ query });
    await client.insert({
      table: "schema_migrations",
      values: [{ version, name }],
      columns: ["version", "name"],
      format: "JSONEachRow",
      clickhouse_settings: { async_insert: 0 },
    });
  }
  await keepFor(client, layout);
  return await carryOver(client, layout, environments);
}

/** The retention is a setting, not history: tables that say another one are told. */
async function keepFor(client: ClickHouseClient, layout: Layout): Promise<void> {
  const tables = await select(
    client,
    "SELECT name, engine_full AS engine FROM system.tables WHERE database = currentDatabase()",
    {},
    z.object({ name: z.string(), engine: z.string() }),
  );
  for (const { name, ageOf } of keptTables) {
    const local = localName(name, layout);
    const wanted = ttl(ageOf, layout);
    if (tables.find((table) => table.name === local)?.engine.includes(`TTL ${wanted} `)) continue;
    await client.command({ query: `ALTER TABLE ${local}${onCluster(layout)} MODIFY TTL ${wanted}` });
  }
}

/** Asked of the server's default database, since a connection to one that does not exist is refused. */
async function createDatabase(url: string, layout: Layout): Promise<void> {
  const { database, server } = splitUrl(url);
  if (database === "default") return;
  const client = openClickHouse(server);
  try {
    await client.command({
      query: `CREATE DATABASE IF NOT EXISTS {database:Identifier}${onCluster(layout)}`,
      query_params: { database },
    });
  } finally {
    await client.close();
  }
}
