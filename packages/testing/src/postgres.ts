import { randomUUID } from "node:crypto";
import { applyMigrations } from "@telltale/db/migrate";
import pg from "pg";

/** A database of its own for a test file. */
export interface TestDatabase extends AsyncDisposable {
  url: string;
}

/** Whatever is copied from: nobody connects to it. */
const TEMPLATE = "template_migrated";
const TEMPLATE_LOCK = 4_711;

/**
 * A fresh database with every migration applied, on the server of `postgresUrl`. The migrations run once a server, in a
 * template that the databases of every process are copied from.
 */
export async function createDatabase(postgresUrl: string): Promise<TestDatabase> {
  const name = uniqueName("test");
  await withClient(postgresUrl, async (client) => {
    await ensureTemplate(client, postgresUrl);
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`);
  });
  return {
    url: withDatabase(postgresUrl, name),
    [Symbol.asyncDispose]: () => executeSql(postgresUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

/** Under a lock, since several processes may ask first; it has its name when it is complete. */
async function ensureTemplate(client: pg.Client, postgresUrl: string): Promise<void> {
  const isThere = async () =>
    (await client.query("SELECT FROM pg_database WHERE datname = $1", [TEMPLATE])).rowCount === 1;
  if (await isThere()) return;
  await client.query("SELECT pg_advisory_lock($1)", [TEMPLATE_LOCK]);
  try {
    if (await isThere()) return;
    const next = uniqueName("template");
    await client.query(`CREATE DATABASE ${next}`);
    await applyMigrations(withDatabase(postgresUrl, next));
    await client.query(`ALTER DATABASE ${next} RENAME TO ${TEMPLATE}`);
  } finally {
    await client.query("SELECT pg_advisory_unlock($1)", [TEMPLATE_LOCK]);
  }
}

/** Runs SQL text, of one statement or many, on the database of `url`. */
export async function executeSql(url: string, statement: string): Promise<void> {
  await withClient(url, async (client) => void (await client.query(statement)));
}

async function withClient(url: string, use: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await use(client);
  } finally {
    await client.end();
  }
}

/** A name that needs no quotes. */
export function uniqueName(prefix: string): string {
  return `${prefix}_${randomUUID().replaceAll("-", "")}`;
}

/** The same server, another database. */
export function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}
