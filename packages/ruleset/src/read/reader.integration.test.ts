import { randomUUID } from "node:crypto";
import { type Database, openDatabase } from "@telltale/db";
import { createDatabase, startTestPostgres, startWire, type TestDatabase, type TestPostgres } from "@telltale/testing";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { announceKeys, publish, republishOutdated } from "../index.ts";
import { type Cause, openRulesetReader, type RulesetReader, type RulesetReaderOptions } from "./index.ts";

let server: TestPostgres;
let postgres: TestDatabase;
let database: Database;
const environmentId = randomUUID();

beforeAll(async () => {
  server = await startTestPostgres();
  postgres = await createDatabase(server.postgresUrl);
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
  await server[Symbol.asyncDispose]();
});

/** The sweep never comes where this is set: what arrives, arrives by NOTIFY or by reading after a reconnect. */
const sweepIntervalMs = 3_600_000;

it("has what was published before it opened, and is told what is published later", async () => {
  await database.$transaction((tx) => publish(tx, environmentId));
  const changes: string[] = [];
  const reader = await openRulesetReader({
    databaseUrl: postgres.url,
    sweepIntervalMs,
    onRuleset: (ruleset) => changes.push(`${ruleset.environmentId === environmentId} ${ruleset.audience}`),
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
  const reader = await openRulesetReader({ databaseUrl: postgres.url, sweepIntervalMs });
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

it("tags a ruleset as SDKs do, so that what they hold is not sent again", async () => {
  await using reader = await open({ sweepIntervalMs });
  const ruleset = reader.current(environmentId, "server");
  const { digest, version } = JSON.parse(ruleset?.document ?? "");
  expect(ruleset).toMatchObject({ etag: `"${digest}-${version}"`, environment: "shop/production", audience: "server" });
  expect(ruleset?.publishedAt).toBeLessThanOrEqual(Date.now());
});

/** A reader that disposes itself, and what it said. */
async function open(options: Partial<RulesetReaderOptions>) {
  const said: string[] = [];
  const reader: RulesetReader = await openRulesetReader({
    databaseUrl: postgres.url,
    onFound: (_changes, cause: Cause) => said.push(cause),
    onAway: () => said.push("away"),
    onBack: () => said.push("back"),
    ...options,
  });
  return Object.assign(reader, { said, [Symbol.asyncDispose]: () => reader.close() });
}

const versionOf = (reader: RulesetReader) => reader.current(environmentId, "server")?.version ?? 0;
const reaches = (reader: RulesetReader, version: number) =>
  vi.waitFor(() => expect(versionOf(reader)).toBe(version), { timeout: 20_000 });

/** What `publish` does, but nobody is told. */
const publishUnheard = () => database.$executeRaw`
  with next as (update environment set "rulesetVersion" = "rulesetVersion" + 1 where id = ${environmentId} returning *)
  insert into ruleset ("environmentId", audience, version, digest, document)
  select id, 'server', "rulesetVersion", 'unheard', '{}' from next`;

describe("is never stale", () => {
  it("when a notification was missed: a sweep finds rulesets, keys and revocations", async () => {
    await using reader = await open({ sweepIntervalMs: 100 });
    const next = versionOf(reader) + 1;
    await publishUnheard();
    const key = { environmentId, name: "k", audience: "client" as const, hint: "h", origins: [] };
    const { id } = await database.sdkKey.create({ data: { ...key, id: randomUUID(), hash: "unheard" } });
    await reaches(reader, next);
    await vi.waitFor(() => expect(reader.keyByHash("unheard")).toBeDefined(), { timeout: 10_000 });
    await database.sdkKey.update({ where: { id }, data: { revokedAt: new Date() } });
    await vi.waitFor(() => expect(reader.keyByHash("unheard")).toBeUndefined(), { timeout: 10_000 });
    expect(new Set(reader.said)).toEqual(new Set(["start", "sweep"]));
  });

  it("when its session was killed: it listens anew, then reads what it has missed", async () => {
    await using reader = await open({ sweepIntervalMs });
    const next = versionOf(reader) + 1;
    await publishUnheard();
    expect(versionOf(reader)).toBe(next - 1);
    await database.$queryRaw`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'telltale ruleset reader'`;
    await reaches(reader, next);
    await database.$transaction((tx) => publish(tx, environmentId));
    await reaches(reader, next + 1);
    expect(reader.healthy()).toBe(true);
    expect(reader.said).toEqual(["start", "away", "reconnect", "back", "notification"]);
  });

  it("when the network swallows everything without a word", async () => {
    const direct = new URL(postgres.url);
    await using wire = await startWire(Number(direct.port));
    const databaseUrl = Object.assign(new URL(direct), { port: String(wire.port) }).href;
    await using reader = await open({ databaseUrl, sweepIntervalMs: 100, answerTimeoutMs: 500 });
    const version = versionOf(reader);
    wire.swallow(true);
    await publishUnheard();
    await vi.waitFor(() => expect(reader.healthy()).toBe(false), { timeout: 10_000 });
    expect(versionOf(reader)).toBe(version);
    wire.swallow(false);
    await reaches(reader, version + 1);
    expect(reader.said).toEqual(["start", "away", "reconnect", "back"]);
  });

  it("when PostgreSQL is restarted", async () => {
    await using reader = await open({ sweepIntervalMs });
    const version = versionOf(reader);
    await server.stop();
    await vi.waitFor(() => expect(reader.healthy()).toBe(false), { timeout: 10_000 });
    expect(versionOf(reader)).toBe(version);
    await server.start();
    // The pool of the test lost its connections as well; its first answer may be that. What is published before the
    // reader is back is read, what is published after is heard: it listens first.
    const next = await vi.waitFor(() => database.$transaction((tx) => publish(tx, environmentId)), { timeout: 20_000 });
    expect(next).toBeGreaterThan(version);
    await reaches(reader, next);
    await vi.waitFor(() => expect(reader.healthy()).toBe(true), { timeout: 10_000 });
  });

  it("when the database was restored to an older state", async () => {
    await using reader = await open({ sweepIntervalMs: 100 });
    const version = versionOf(reader);
    await database.$executeRaw`update environment set "rulesetVersion" = "rulesetVersion" - 1 where id = ${environmentId}`;
    await reaches(reader, version - 1);
    await database.$executeRaw`update environment set "rulesetVersion" = "rulesetVersion" + 1 where id = ${environmentId}`;
    await reaches(reader, version);
  });
});

describe("starting with the database dead", () => {
  const databaseUrl = "postgres://nobody@127.0.0.1:1/nothing";

  it("fails with nothing to serve", async () => {
    await expect(openRulesetReader({ databaseUrl })).rejects.toThrow("ECONNREFUSED");
  });

  it("serves what it was given, and says that it is not the newest", async () => {
    await using live = await open({ sweepIntervalMs });
    await using reader = await open({ databaseUrl, sweepIntervalMs, initial: live.catalogue() });
    expect([versionOf(reader), reader.healthy(), reader.said]).toEqual([versionOf(live), false, ["away"]]);
  });
});
