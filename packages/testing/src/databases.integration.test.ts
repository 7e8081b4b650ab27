import pg from "pg";
import { expect, test } from "vitest";
import { createDatabase, createEventStore, startTestDatabases } from "./index.ts";

async function tables(url: string): Promise<string[]> {
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query<{ name: string }>(
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1",
  );
  await client.end();
  return rows.map((row) => row.name);
}

test("gives migrated databases that know nothing of each other, and leaves nothing behind", async () => {
  let postgresUrl = "";
  {
    await using databases = await startTestDatabases();
    postgresUrl = databases.postgresUrl;
    await using first = await createDatabase(postgresUrl);
    await using second = await createDatabase(postgresUrl);
    const client = new pg.Client(first.url);
    await client.connect();
    await client.query("CREATE TABLE mine (n int)");
    await client.end();
    expect(await tables(first.url)).toContain("mine");
    expect(await tables(second.url)).toContain("_prisma_migrations");
    expect(await tables(second.url)).not.toContain("mine");

    await using one = await createEventStore(databases.clickhouseUrl);
    await using other = await createEventStore(databases.clickhouseUrl);
    const scope = { environmentId: "production-of-shop" };
    const time = new Date().toISOString();
    const event = { type: "track" as const, id: "e-1", time, name: "purchase", units: { targetingKey: "u-1" } };
    await one.store.append(scope, [event], new Date());
    expect(await one.store.countEvents(scope)).toMatchObject({ tracks: 1 });
    expect(await other.store.countEvents(scope)).toMatchObject({ tracks: 0 });
  }
  await expect(tables(postgresUrl)).rejects.toThrow("ECONNREFUSED");
});
