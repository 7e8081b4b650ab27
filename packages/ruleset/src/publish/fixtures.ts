import { type Database, openDatabase } from "@telltale/db";
import { createDatabase, startTestPostgres, type TestPostgres } from "@telltale/testing";

export interface TestRulesets {
  server: TestPostgres;
  database: Database;
  /** Of the database. */
  url: string;
  [Symbol.asyncDispose](): Promise<void>;
}

/** A database of its own, with nothing in it. */
export async function openTestRulesets(): Promise<TestRulesets> {
  const server = await startTestPostgres();
  const postgres = await createDatabase(server.postgresUrl);
  const database = openDatabase(postgres.url);
  return {
    server,
    database,
    url: postgres.url,
    async [Symbol.asyncDispose]() {
      await database.$disconnect();
      await postgres[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}
