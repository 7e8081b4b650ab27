import path from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { noFilters, readMigrations, readSchema, type SchemaEngine, type SchemaFile, withEngine } from "./engine.ts";

/** Where the schema and its migrations live; the default is this repository's `prisma/`. */
export interface MigrationSource {
  schema: string;
  migrations: string;
}

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../../../prisma");
const ours: MigrationSource = { schema: path.join(root, "schema"), migrations: path.join(root, "migrations") };

/** A migration that cannot go on; the message says what to do. */
export class MigrationError extends Error {
  override name = "MigrationError";
}

/**
 * Applies what is not applied yet, in order, and records it in `_prisma_migrations` as Prisma's own CLI would.
 * Safe to run from several processes at once: the engine holds PostgreSQL's advisory lock 72707369, the others wait.
 * @returns names of the migrations applied now; empty when there was nothing to do
 * @throws MigrationError when an earlier migration failed half-way or an applied file was edited
 */
export async function applyMigrations(url: string, source: MigrationSource = ours): Promise<string[]> {
  const migrationsList = readMigrations(source.migrations);
  return withEngine(url, readSchema(source.schema), async (engine) => {
    const history = await patiently(() =>
      engine.diagnoseMigrationHistory({ migrationsList, optInToShadowDatabase: false, filters: noFilters }),
    );
    const [edited] = history.editedMigrationNames;
    if (edited) {
      throw new MigrationError(
        `The migration "${edited}" was edited after it had been applied to this database. Restore the file as it was and put the change into a new migration (npm run migration -- <name>).`,
      );
    }
    const applied = await patiently(() => engine.applyMigrations({ migrationsList, filters: noFilters }));
    return applied.appliedMigrationNames;
  });
}

/** The engine waits 10 s for its lock, then gives up with P1002; another process may be in a long migration. */
async function patiently<T>(run: () => Promise<T>, attempts = 30): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      const text = String(error instanceof Error ? error.message : error);
      if (text.includes("P3009") || text.includes("failed migrations")) {
        throw new MigrationError(
          "An earlier migration failed half-way on this database. Look at _prisma_migrations (column logs), repair it, mark the row as rolled back or applied, and start again.",
          { cause: error },
        );
      }
      const locked = text.includes("P1002") || text.includes("advisory lock");
      if (!locked || attempt >= attempts) throw error;
    }
  }
}

/** What the schema files ask for beyond the migrations, and how the database differs from the migrations. */
export interface Pending {
  /** SQL of the next migration; empty when schema and migrations agree. */
  sql: string;
}

/**
 * Computes the next migration by applying the present ones to a database of its own and comparing with the schema.
 * The role of `url` needs the right to create databases.
 */
export async function pendingMigration(url: string, source: MigrationSource = ours): Promise<Pending> {
  const name = `telltale_shadow_${process.pid}_${Date.now()}`;
  const shadow = new URL(url);
  shadow.pathname = `/${name}`;
  const admin = new pg.Client(url);
  await admin.connect();
  try {
    await admin.query(`create database "${name}"`);
    await applyMigrations(shadow.href, source);
    return { sql: await withEngine(shadow.href, readSchema(source.schema), (engine) => difference(engine, source)) };
  } finally {
    await admin.query(`drop database if exists "${name}" with (force)`);
    await admin.end();
  }
}

async function difference(engine: SchemaEngine, source: MigrationSource): Promise<string> {
  const files: SchemaFile[] = readSchema(source.schema);
  const result = await engine.diff({
    from: { tag: "schemaDatasource", files, configDir: source.schema },
    to: { tag: "schemaDatamodel", files },
    script: true,
    exitCode: true,
    shadowDatabaseUrl: null,
    filters: noFilters,
  });
  const sql = (result.stdout ?? "").trim();
  return sql === "-- This is an empty migration." ? "" : sql;
}
