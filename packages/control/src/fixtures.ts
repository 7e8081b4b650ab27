import { type Database, openDatabase } from "@telltale/db";
import { createDatabase } from "@telltale/testing";
import { borrowDatabases } from "@telltale/testing/borrowed";
import {
  type Actor,
  ControlError,
  createExperiment,
  createFlag,
  createProject,
  ensureOrganisation,
  ensureUser,
  listAudit,
  type NewExperiment,
  openSignIn,
  setMemberRole,
  switchFlag,
} from "./index.ts";

/** Who prepares what tests need. */
export const system: Actor = { kind: "system", name: "demo seed" };

export interface TestShop {
  database: Database;
  /** Of the database. */
  url: string;
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
  const postgres = await createDatabase(borrowDatabases().postgresUrl);
  const database = openDatabase(postgres.url);
  const { id: organisationId } = await ensureOrganisation(database, { key: "demo", name: "Demo" });
  await createProject(database, system, { organisation: "demo", key: "shop", name: "Shop", environments });
  const close = async () => {
    await database.$disconnect();
    await postgres[Symbol.asyncDispose]();
  };
  return { database, url: postgres.url, organisationId, close };
}

export interface People {
  owner: Actor;
  viewer: Actor;
  /** Signed in, member of nothing. */
  stranger: Actor;
}

/** Somebody who has an account, and is member of nothing. */
export async function addPerson(
  { database }: Pick<TestShop, "database">,
  name: string,
): Promise<Actor & { kind: "user" }> {
  const signIn = openSignIn(database, { secret: "s".repeat(32), publicUrl: "http://localhost" });
  const account = { name, email: `${name}@example.com`, password: "long enough" };
  const { id: userId } = await ensureUser(database, signIn, account);
  return { kind: "user", userId };
}

/** A member of the organisation `demo` with a built-in role on all of it. */
export async function addMember(shop: Pick<TestShop, "database">, name: string, role: string) {
  const actor = await addPerson(shop, name);
  await setMemberRole(shop.database, system, { organisation: "demo", userId: actor.userId, role });
  return actor;
}

/** An owner and a viewer of the organisation, by these names, and a stranger. */
export async function addPeople(shop: Pick<TestShop, "database">): Promise<People> {
  const owner = await addMember(shop, "owner", "owner");
  const viewer = await addMember(shop, "viewer", "viewer");
  return { owner, viewer, stranger: await addPerson(shop, "stranger") };
}

/** The refusal that a call must end with. */
export async function refusal(promise: Promise<unknown>): Promise<ControlError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof ControlError) return error;
    throw error;
  }
  throw new Error("It was not refused.");
}

/** The newest lines of the project's audit trail, as sentences. */
export async function audited(database: Database, count: number, project = "demo/shop"): Promise<string[]> {
  const { items } = await listAudit(database, system, { project, limit: count });
  return items.map(({ object, objectKey, sentence }) => `${object} ${objectKey}: ${sentence}`);
}

/** A flag that is on in production, and an experiment on it that has not started. */
export async function draft(
  database: Database,
  key: string,
  parts: Pick<NewExperiment, "metrics"> & Partial<NewExperiment>,
): Promise<{ project: string; experiment: string }> {
  const project = "demo/shop";
  await createFlag(database, system, { project, key, name: key, type: "boolean" });
  await switchFlag(database, system, { project, flag: key, environment: "production", expectedRevision: 1, on: true });
  await createExperiment(database, system, {
    project,
    key,
    name: key,
    flag: key,
    environment: "production",
    arms: [
      { variant: "off", parts: 50_000 },
      { variant: "on", parts: 50_000 },
    ],
    ...parts,
  });
  return { project, experiment: key };
}
