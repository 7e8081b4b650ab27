import { startOwnDatabases, type TestDatabases } from "./databases.ts";
import { writeShared } from "./env.ts";
import { createTemplate } from "./postgres.ts";

let own: TestDatabases | undefined;

/**
 * Before a whole run of integration tests: one PostgreSQL and one ClickHouse for all files, which make databases of their
 * own in them.
 */
export async function setup(): Promise<void> {
  own = await startOwnDatabases();
  const { postgresUrl, clickhouseUrl } = own;
  writeShared({ postgresUrl, clickhouseUrl, template: await createTemplate(postgresUrl) });
}

/** Ends them. */
export async function teardown(): Promise<void> {
  writeShared(undefined);
  await own?.[Symbol.asyncDispose]();
}
