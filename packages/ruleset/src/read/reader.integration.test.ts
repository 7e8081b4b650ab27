import { randomUUID } from "node:crypto";
import { type Database, openDatabase } from "@telltale/db";
import { createDatabase, startTestDatabases, type TestDatabase, type TestDatabases } from "@telltale/testing";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { announceKeys, publish, republishOutdated } from "../index.ts";
import { openRulesetReader } from "./index.ts";

let databases: TestDatabases;
let postgres: TestDatabase;
let database: Database;
const environmentId = randomUUID();

beforeAll(async () => {
  databases = await startTestDatabases();
  postgres = await createDatabase(databases.postgresUrl);
  database = openDatabase(postgres.url);
  const organisation = { create: { id: randomUUID(), key: "o", name: "O" } };
  const project = { create: { id: randomUUID(), key: "shop", name: "Shop", organisation } };
  await database.environment.create({
    data: { id: environmentId, key: "production", name: "P", position: 0, project },
  });
});

afterAll(async () => {
  await database.$disconnect();
  await postgres[Symbol.asyncDispose]();
  await databases[Symbol.asyncDispose]();
});

/** The poll never comes in these tests: what arrives, arrives by NOTIFY. */
const pollIntervalMs = 3_600_000;

it("has what was published before it opened, and is told what is published later", async () => {
  await database.$transaction((tx) => publish(tx, environmentId));
  const changes: string[] = [];
  const reader = await openRulesetReader({
    databaseUrl: postgres.url,
    pollIntervalMs,
    onChange: (id, audience) => changes.push(`${id === environmentId} ${audience}`),
  });
  try {
    expect(reader.current(environmentId, "server")?.version).toBe(1);
    expect(changes.sort()).toEqual(["true client", "true server"]);
    await database.$transaction((tx) => publish(tx, environmentId));
    await vi.waitFor(() => expect(reader.current(environmentId, "client")?.version).toBe(2), { timeout: 10_000 });
    const ruleset = reader.current(environmentId, "client");
    expect(JSON.parse(ruleset?.document ?? "")).toMatchObject({
      version: 2,
      audience: "client",
      environment: "shop/production",
    });
  } finally {
    await reader.close();
  }
});

it("publishes again, once, what a release with another schema had published", async () => {
  const version = 1 + (await database.$transaction((tx) => publish(tx, environmentId)));
  expect(await republishOutdated(database)).toEqual([]);
  await database.environment.update({ where: { id: environmentId }, data: { rulesetVersion: version } });
  for (const audience of ["server", "client"] as const) {
    await database.ruleset.create({
      data: { environmentId, audience, version, digest: "d", document: '{"schema":1}' },
    });
  }
  expect(await republishOutdated(database)).toEqual([environmentId]);
  expect(await republishOutdated(database)).toEqual([]);
  const newest = await database.ruleset.findFirstOrThrow({
    where: { environmentId, audience: "client" },
    orderBy: { version: "desc" },
  });
  expect(newest.version).toBe(version + 1);
  expect(JSON.parse(newest.document)).toMatchObject({ schema: 2, environment: "shop/production" });
});

it("does not see what was rolled back", async () => {
  const before = await database.ruleset.count();
  const failing = database.$transaction(async (tx) => {
    await publish(tx, environmentId);
    throw new Error("changed my mind");
  });
  await expect(failing).rejects.toThrow("changed my mind");
  expect(await database.ruleset.count()).toBe(before);
});

it("learns new and revoked keys at once", async () => {
  const reader = await openRulesetReader({ databaseUrl: postgres.url, pollIntervalMs });
  try {
    expect(reader.keyByHash("h1")).toBeUndefined();
    const data = {
      id: randomUUID(),
      environmentId,
      name: "k",
      audience: "client" as const,
      hash: "h1",
      hint: "h",
      origins: ["https://a.example"],
    };
    await database.$transaction(async (tx) => {
      await tx.sdkKey.create({ data });
      await announceKeys(tx);
    });
    await vi.waitFor(() => expect(reader.keyByHash("h1")).toBeDefined(), { timeout: 10_000 });
    expect(reader.keyByHash("h1")).toMatchObject({
      projectKey: "shop",
      environmentKey: "production",
      audience: "client",
      origins: ["https://a.example"],
    });
    await database.$transaction(async (tx) => {
      await tx.sdkKey.update({ where: { id: data.id }, data: { revokedAt: new Date() } });
      await announceKeys(tx);
    });
    await vi.waitFor(() => expect(reader.keyByHash("h1")).toBeUndefined(), { timeout: 10_000 });
  } finally {
    await reader.close();
  }
});

it("keeps the last good state when its session is killed, and comes back", async () => {
  const errors: unknown[] = [];
  const reader = await openRulesetReader({
    databaseUrl: postgres.url,
    pollIntervalMs: 200,
    onError: (error) => errors.push(error),
  });
  try {
    const version = reader.current(environmentId, "server")?.version;
    await database.$queryRaw`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'telltale ruleset reader'`;
    await vi.waitFor(() => expect(errors.length).toBeGreaterThan(0), { timeout: 10_000 });
    expect(reader.current(environmentId, "server")?.version).toBe(version);
    await database.$transaction((tx) => publish(tx, environmentId));
    await vi.waitFor(() => expect(reader.current(environmentId, "server")?.version).toBe((version ?? 0) + 1), {
      timeout: 10_000,
    });
    expect(reader.healthy()).toBe(true);
  } finally {
    await reader.close();
  }
});
