import { type Database, openDatabase } from "@telltale/db";
import { createDatabase } from "@telltale/testing";
import { borrowDatabases } from "@telltale/testing/borrowed";

export interface TestRulesets {
  database: Database;
  /** Of the database. */
  url: string;
  [Symbol.asyncDispose](): Promise<void>;
}

/** A database of its own, with nothing in it, on the server of the run or on another. */
export async function openTestRulesets(
  { postgresUrl }: { postgresUrl: string } = borrowDatabases(),
): Promise<TestRulesets> {
  const postgres = await createDatabase(postgresUrl);
  const database = openDatabase(postgres.url);
  return {
    database,
    url: postgres.url,
    async [Symbol.asyncDispose]() {
      await database.$disconnect();
      await postgres[Symbol.asyncDispose]();
    },
  };
}
