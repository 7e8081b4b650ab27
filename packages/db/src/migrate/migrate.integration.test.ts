import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { type EmbeddedPostgres, startPostgres } from "@telltale/embedded";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { applyMigrations, MigrationError, type MigrationSource, pendingMigration } from "./index.ts";

let folder: string;
let postgres: EmbeddedPostgres;
let url: string;
let source: MigrationSource;
let count = 0;

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "telltale-migrate-"));
  postgres = await startPostgres({ dataDirectory: folder });
});

afterAll(async () => {
  await postgres.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

/** Each test has an empty database and a migrations folder of its own. */
beforeEach(async () => {
  const name = `migrate_${++count}`;
  await query(postgres.url, `create database ${name}`);
  const address = new URL(postgres.url);
  address.pathname = `/${name}`;
  url = address.href;
  source = { schema: path.join(folder, name, "schema"), migrations: path.join(folder, name, "migrations") };
  fs.mkdirSync(source.schema, { recursive: true });
  fs.mkdirSync(source.migrations);
  fs.writeFileSync(path.join(source.migrations, "migration_lock.toml"), 'provider = "postgresql"\n');
  fs.writeFileSync(
    path.join(source.schema, "a.prisma"),
    'datasource db {\n  provider = "postgresql"\n}\n\nmodel Ship {\n  id Int @id\n  sails Int\n}\n',
  );
});

async function query(to: string, sql: string) {
  const client = new pg.Client(to);
  await client.connect();
  try {
    return (await client.query(sql)).rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}

function migration(name: string, sql: string) {
  fs.mkdirSync(path.join(source.migrations, name));
  fs.writeFileSync(path.join(source.migrations, name, "migration.sql"), sql);
}

it("applies in order, once, and records it as Prisma does", async () => {
  migration("2_second", 'ALTER TABLE "Ship" ADD COLUMN "sails" INTEGER NOT NULL;');
  migration("1_first", 'CREATE TABLE "Ship" ("id" INTEGER PRIMARY KEY);');
  expect(await applyMigrations(url, source)).toEqual(["1_first", "2_second"]);
  expect(await applyMigrations(url, source)).toEqual([]);
  const rows = await query(
    url,
    "select migration_name, checksum, finished_at, applied_steps_count from _prisma_migrations order by 1",
  );
  expect(rows).toMatchObject([
    { migration_name: "1_first", applied_steps_count: 1 },
    { migration_name: "2_second", applied_steps_count: 1 },
  ]);
  for (const row of rows) expect(row.checksum).toMatch(/^[0-9a-f]{64}$/);
});

it("lets three processes start at once: each migration is applied by one of them", async () => {
  migration("1_slow", 'SELECT pg_sleep(0.5); CREATE TABLE "Ship" ("id" INTEGER PRIMARY KEY);');
  const applied = await Promise.all([1, 2, 3].map(() => applyMigrations(url, source)));
  expect(applied.flat()).toEqual(["1_slow"]);
});

it("keeps a function body with semicolons whole, and leaves nothing of a script that fails", async () => {
  migration("1_function", "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN PERFORM 1; RETURN 2; END $$;");
  expect(await applyMigrations(url, source)).toEqual(["1_function"]);
  expect(await query(url, "select f() as two")).toEqual([{ two: 2 }]);
  migration("2_half", 'CREATE TABLE "Half" ("id" INTEGER); SELECT 1 / 0;');
  await expect(applyMigrations(url, source)).rejects.toThrow();
  expect(await query(url, "select to_regclass('\"Half\"') as half")).toEqual([{ half: null }]);
  await expect(applyMigrations(url, source)).rejects.toThrow(MigrationError);
});

it("refuses to go on when an applied migration was edited", async () => {
  migration("1_first", 'CREATE TABLE "Ship" ("id" INTEGER PRIMARY KEY);');
  await applyMigrations(url, source);
  fs.appendFileSync(path.join(source.migrations, "1_first", "migration.sql"), "-- later\n");
  await expect(applyMigrations(url, source)).rejects.toThrow('"1_first" was edited');
});

it("writes the next migration from the schema without touching the database", async () => {
  migration("1_first", 'CREATE TABLE "Ship" ("id" INTEGER NOT NULL, CONSTRAINT "Ship_pkey" PRIMARY KEY ("id"));');
  const { sql } = await pendingMigration(url, source);
  expect(sql).toContain('ADD COLUMN     "sails" INTEGER NOT NULL');
  expect(await query(url, "select to_regclass('\"Ship\"') as ship")).toEqual([{ ship: null }]);
  migration("2_sails", sql);
  expect(await pendingMigration(url, source)).toEqual({ sql: "" });
});

it("finds this repository's migrations and schema in agreement", async () => {
  expect(await pendingMigration(url)).toEqual({ sql: "" });
});
