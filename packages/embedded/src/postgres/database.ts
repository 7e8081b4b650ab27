import pg from "pg";
import { USER } from "./postmaster.ts";

/** What the applications connect as: it reads and writes rows, and can change neither tables nor roles. */
export const APP_USER = "telltale_app";

interface Prepared {
  port: number;
  /** Of the superuser. */
  password: string;
  appPassword: string;
  /** The database that must be there. */
  name: string;
}

/** Makes the database when it is not there, and the role of the applications, with its rights as they are now. */
export async function prepareDatabase({ port, password, appPassword, name }: Prepared): Promise<void> {
  await withClient({ port, password, database: "postgres" }, async (client) => {
    const { rowCount } = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [name]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
    const { rowCount: roles } = await client.query("SELECT 1 FROM pg_roles WHERE rolname = $1", [APP_USER]);
    if (roles === 0) await client.query(`CREATE ROLE ${APP_USER}`);
    await client.query(
      `ALTER ROLE ${APP_USER} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD ${client.escapeLiteral(appPassword)}`,
    );
  });
  await withClient({ port, password, database: name }, async (client) => {
    const rows = "SELECT, INSERT, UPDATE, DELETE";
    const toApp = `TO ${APP_USER}`;
    await client.query(`GRANT USAGE ON SCHEMA public ${toApp}`);
    await client.query(`GRANT ${rows} ON ALL TABLES IN SCHEMA public ${toApp}`);
    await client.query(`GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public ${toApp}`);
    // Tables of later migrations.
    await client.query(`ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ${rows} ON TABLES ${toApp}`);
    await client.query(`ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES ${toApp}`);
  });
}

async function withClient(
  { port, password, database }: { port: number; password: string; database: string },
  use: (client: pg.Client) => Promise<void>,
): Promise<void> {
  const client = new pg.Client({ host: "127.0.0.1", port, user: USER, password, database });
  await client.connect();
  try {
    await use(client);
  } finally {
    await client.end();
  }
}
