import { type Database, openDatabase } from "@telltale/db";
import { createDatabase, startTestDatabases } from "@telltale/testing";
import { type Actor, createProject, ensureOrganisation } from "./index.ts";

/** Who prepares what tests need. */
export const system: Actor = { kind: "system", name: "test" };

export interface TestShop {
  database: Database;
  organisationId: string;
  close(): Promise<void>;
}

/** A database of its own with an organisation `demo` and its project `shop`. */
export async function openShop(
  environments: { key: string; name: string; critical?: boolean }[] = [
    { key: "development", name: "Development" },
    { key: "production", name: "Production", critical: true },
  ],
): Promise<TestShop> {
  const databases = await startTestDatabases();
  const postgres = await createDatabase(databases.postgresUrl);
  const database = openDatabase(postgres.url);
  const { id: organisationId } = await ensureOrganisation(database, { key: "demo", name: "Demo" });
  await createProject(database, system, { organisationId, key: "shop", name: "Shop", environments });
  const close = async () => {
    await database.$disconnect();
    await postgres[Symbol.asyncDispose]();
    await databases[Symbol.asyncDispose]();
  };
  return { database, organisationId, close };
}
