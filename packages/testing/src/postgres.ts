import { randomUUID } from "node:crypto";
import { applyMigrations } from "@telltale/db/migrate";
import pg from "pg";

/** A database of its own for a test file. */
export interface TestDatabase extends AsyncDisposable {
  url: string;
}

const templates = new Map<string, Promise<string>>();

/**
 * A fresh database with every migration applied, on the server of `postgresUrl`. The migrations run once a server and
 * process, in a template that the databases are copied from.
 */
export async function createDatabase(postgresUrl: string): Promise<TestDatabase> {
  const template = templates.get(postgresUrl) ?? createTemplate(postgresUrl);
  templates.set(postgresUrl, template);
  const name = uniqueName("test");
  await executeSql(postgresUrl, `CREATE DATABASE ${name} TEMPLATE ${await template}`);
  return {
    url: withDatabase(postgresUrl, name),
    [Symbol.asyncDispose]: () => executeSql(postgresUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

async function createTemplate(postgresUrl: string): Promise<string> {
  const name = uniqueName("template");
  await executeSql(postgresUrl, `CREATE DATABASE ${name}`);
  await applyMigrations(withDatabase(postgresUrl, name));
  return name;
}

/** Runs SQL text, of one statement or many, on the database of `url`. */
export async function executeSql(url: string, statement: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(statement);
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
