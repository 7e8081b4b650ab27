import { randomUUID } from "node:crypto";
import { type Database, openDatabase } from "@telltale/db";
import { createDatabase, startTestPostgres, startWire, type TestDatabase, type TestPostgres } from "@telltale/testing";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { announceKeys, publish, readRuleset, ring } from "../index.ts";
import { type Cause, openRulesetReader, type RulesetReader, type RulesetReaderOptions } from "./index.ts";

let server: TestPostgres;
let postgres: TestDatabase;
let database: Database;
const environmentId = randomUUID();
const otherId = randomUUID();

beforeAll(async () => {
  server = await startTestPostgres();
  postgres = await createDatabase(server.postgresUrl);
  database = openDatabase(postgres.url);
  const organisation = { create: { id: randomUUID(), key: "o", name: "O" } };
  const project = { create: { id: randomUUID(), key: "shop", name: "Shop", organisation } };
  await database.environment.create({
    data: { id: environmentId, key: "production", name: "P", position: 0, project },
  });
  const { projectId } = await database.environment.findFirstOrThrow();
  await database.environment.create({ data: { id: otherId, key: "other", name: "O", position: 1, projectId } });
});

afterAll(async () => {
  await database.$disconnect();
  await postgres[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

/** The sweep never comes where this is set: what arrives, arrives by NOTIFY or by reading after a reconnect. */
const sweepIntervalMs = 3_600_000;

const publishNext = (id: string = environmentId) => database.$transaction((tx) => publish(tx, id, {}));

it("holds what is asked for, from then on, and is told what is published later", async () => {
  await publishNext();
  const changes: string[] = [];
  const reader = await openRulesetReader({
    databaseUrl: postgres.url,
    sweepIntervalMs,
    onRuleset: (ruleset) => changes.push(`${ruleset.environmentId === environmentId} ${ruleset.audience}`),
  });
  try {
    expect([reader.current(environmentId, "server"), reader.catalogue().rulesets.size]).toEqual([undefined, 0]);
    await Promise.all([reader.activate(environmentId, "server"), reader.activate(environmentId, "client")]);
    expect(reader.activate(environmentId, "server")).toBeUndefined();
    expect(reader.current(environmentId, "server")?.version).toBe(1);
    expect(changes.sort()).toEqual(["true client", "true server"]);
    await publishNext();
    await vi.waitFor(() => expect(reader.current(environmentId, "client")?.version).toBe(2), { timeout: 10_000 });
    expect(reader.current(environmentId, "client")?.document).toBe(
      JSON.stringify(await readRuleset(database, environmentId, "client", 2)),
    );
  } finally {
    await reader.close();
  }
});

it("does not see what was rolled back", async () => {
  await using reader = await open({ sweepIntervalMs });
  const version = versionOf(reader);
  const failing = database.$transaction(async (tx) => {
    await publish(tx, environmentId, {});
    throw new Error("changed my mind");
  });
  await expect(failing).rejects.toThrow("changed my mind");
  await publishNext();
  await reaches(reader, version + 1);
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
      await announceKeys(tx, environmentId);
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
  await Promise.all((["server", "client"] as const).map((audience) => reader.activate(environmentId, audience)));
  said.length = options.initial ? said.length : 0;
  return Object.assign(reader, { said, [Symbol.asyncDispose]: () => reader.close() });
}

const versionOf = (reader: RulesetReader) => reader.current(environmentId, "server")?.version ?? 0;
const reaches = (reader: RulesetReader, version: number) =>
  vi.waitFor(() => expect(versionOf(reader)).toBe(version), { timeout: 20_000 });

/** What `publish` does where nothing changes, but nobody is told. @returns the version */
async function publishUnheard(id: string = environmentId): Promise<number> {
  const [row] = await database.$queryRaw<{ version: number }[]>`
    with next as (update environment set "publishedVersion" = "publishedVersion" + 1 where id = ${id} returning *)
    insert into ruleset_version ("environmentId", audience, version, "isWhole", content, digest)
    select distinct v."environmentId", v.audience, next."publishedVersion", false, '[]', v.digest
      from next join ruleset_version v on v."environmentId" = next.id and v.version = next."publishedVersion" - 1
    returning version`;
  return row?.version ?? 0;
}

describe("a notification costs what it names", () => {
  it("reads one environment, and no keys", async () => {
    await publishNext(otherId);
    await using reader = await open({ sweepIntervalMs });
    await reader.activate(otherId, "server");
    const other = reader.current(otherId, "server")?.version ?? 0;
    const unheard = await publishUnheard(otherId);
    const key = { environmentId: otherId, name: "k", audience: "client" as const, hint: "h", origins: [] };
    await database.sdkKey.create({ data: { ...key, id: randomUUID(), hash: "unnamed" } });
    await reaches(reader, await publishNext());
    expect(reader.current(otherId, "server")?.version).toBe(other);
    await database.$transaction((tx) => announceKeys(tx, environmentId));
    await reaches(reader, await publishNext());
    expect(reader.keyByHash("unnamed")).toBeUndefined();
    // One that says nothing that is known may mean anything.
    await ring(database, "?");
    await vi.waitFor(() => expect(reader.keyByHash("unnamed")).toBeDefined(), { timeout: 10_000 });
    expect(reader.current(otherId, "server")?.version).toBe(unheard);
  });

  it("reads nothing when it is told again of what it holds, or of what is older", async () => {
    await using reader = await open({ sweepIntervalMs });
    const version = await publishNext();
    await reaches(reader, version);
    const held = reader.current(environmentId, "server");
    await ring(database, { environmentId, version });
    await ring(database, { environmentId, version: version - 1 });
    await reaches(reader, await publishNext());
    expect(reader.said).toEqual(["notification", "notification"]);
    expect(reader.current(environmentId, "server")).not.toBe(held);
  });

  it("follows many changes at once to the newest, byte for byte", async () => {
    await using reader = await open({ sweepIntervalMs });
    const versions = await Promise.all(Array.from({ length: 20 }, () => publishNext()));
    const newest = Math.max(...versions);
    await reaches(reader, newest);
    const expected = await readRuleset(database, environmentId, "server", newest);
    expect(reader.current(environmentId, "server")?.document).toBe(JSON.stringify(expected));
  });
});

it("lets an environment go that nobody asks for, and takes it again when somebody does", async () => {
  const released: string[] = [];
  await using reader = await open({
    sweepIntervalMs: 50,
    idleMs: 1,
    onRelease: ({ audience }) => released.push(audience),
  });
  await vi.waitFor(() => expect(reader.catalogue().rulesets.size).toBe(0), { timeout: 10_000 });
  expect(released.sort()).toEqual(["client", "server"]);
  await reader.activate(environmentId, "server");
  expect(versionOf(reader)).toBeGreaterThan(0);
});

it("holds every environment from the start where all is passed on", async () => {
  await publishNext(otherId);
  await using reader = await open({ sweepIntervalMs, holdsAll: true });
  expect(reader.current(otherId, "client")?.environment).toBe("shop/other");
  const { projectId } = await database.environment.findFirstOrThrow();
  const { id } = await database.environment.create({
    data: { id: randomUUID(), key: "new", name: "N", position: 2, projectId },
  });
  await publishNext(id);
  await vi.waitFor(() => expect(reader.current(id, "server")?.version).toBe(1), { timeout: 10_000 });
});

/** What the release before did. */
async function publishAsBefore(id: string): Promise<number> {
  const [row] = await database.$queryRaw<{ version: number }[]>`
    with next as (
      update environment set "rulesetVersion" = greatest("rulesetVersion", "publishedVersion") + 1 where id = ${id} returning *)
    insert into ruleset ("environmentId", audience, version, digest, document)
    select id, 'server', "rulesetVersion", 'before', '{"schema":2}' from next returning version`;
  const version = row?.version ?? 0;
  await ring(database, { environmentId: id, version });
  return version;
}

it("follows from documents of the release before to compiled versions and back", async () => {
  await using reader = await open({ sweepIntervalMs });
  for (let round = 0; round < 2; round++) {
    await reaches(reader, await publishAsBefore(environmentId));
    expect(reader.current(environmentId, "server")).toMatchObject({ document: '{"schema":2}', digest: "before" });
    await reaches(reader, await publishNext());
    expect(JSON.parse(reader.current(environmentId, "server")?.document ?? "")).toMatchObject({ schema: 2, flags: {} });
  }
});

describe("what is stored wrongly", () => {
  it("is read as a whole where a step is missing", async () => {
    await using reader = await open({ sweepIntervalMs });
    const missing = await publishUnheard();
    await database.rulesetVersion.deleteMany({ where: { environmentId, version: missing } });
    const version = versionOf(reader) + 2;
    // The digest of the version before is gone with it: the next is whole, and so is what is read.
    expect(await publishNext()).toBe(version);
    await reaches(reader, version);
    const expected = await readRuleset(database, environmentId, "server", version);
    expect(reader.current(environmentId, "server")?.document).toBe(JSON.stringify(expected));
  });

  it("stops its environment and no other, and says so", async () => {
    const faults: string[] = [];
    await using reader = await open({ sweepIntervalMs, onFault: (id) => faults.push(id) });
    await reader.activate(otherId, "server");
    const held = reader.current(otherId, "server");
    const where = {
      environmentId_audience_kind_key: { environmentId: otherId, audience: "server", kind: "header", key: "" },
    } as const;
    const { content } = await database.compiledEntry.findUniqueOrThrow({ where });
    await database.compiledEntry.update({ where, data: { content: "{}" } });
    // A version that no step leads to: all is read, and is not what it should be.
    const version = await publishUnheard(otherId);
    await database.rulesetVersion.deleteMany({ where: { environmentId: otherId, version } });
    await database.$executeRaw`
      insert into ruleset_version select "environmentId", audience, ${version + 1}, false, '[]', 'wrong', now()
        from ruleset_version where "environmentId" = ${otherId} and version = ${version - 1} and not "isWhole"`;
    await database.environment.update({ where: { id: otherId }, data: { publishedVersion: version + 1 } });
    await ring(database, { environmentId: otherId, version: version + 1 });
    await reaches(reader, await publishNext());
    expect([reader.healthy(), new Set(faults)]).toEqual([true, new Set([otherId])]);
    expect(reader.current(otherId, "server")).toBe(held);
    await database.compiledEntry.update({ where, data: { content } });
    await database.rulesetVersion.deleteMany({ where: { environmentId: otherId, version: version + 1 } });
    const next = await publishNext(otherId);
    await vi.waitFor(() => expect(reader.current(otherId, "server")?.version).toBe(next), { timeout: 10_000 });
  });
});

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
    expect(new Set(reader.said)).toEqual(new Set(["sweep"]));
  });

  it("when its session was killed: it listens anew, then reads what it has missed", async () => {
    await using reader = await open({ sweepIntervalMs });
    const next = versionOf(reader) + 1;
    await publishUnheard();
    expect(versionOf(reader)).toBe(next - 1);
    await database.$queryRaw`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'telltale ruleset reader'`;
    await reaches(reader, next);
    await publishNext();
    await reaches(reader, next + 1);
    expect(reader.healthy()).toBe(true);
    expect(reader.said).toEqual(["away", "reconnect", "back", "notification"]);
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
    expect(reader.said).toEqual(["away", "reconnect", "back"]);
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
    const next = await vi.waitFor(() => publishNext(), { timeout: 20_000 });
    expect(next).toBeGreaterThan(version);
    await reaches(reader, next);
    await vi.waitFor(() => expect(reader.healthy()).toBe(true), { timeout: 10_000 });
  });

  it("when the database was restored to an older state", async () => {
    await using reader = await open({ sweepIntervalMs: 100 });
    const version = versionOf(reader);
    const tables = ["compiled_entry", "ruleset_version"];
    for (const table of tables)
      await database.$executeRawUnsafe(`create table saved_${table} as select * from ${table}`);
    await database.environment.update({ where: { id: environmentId }, data: { critical: true } });
    await reaches(reader, await publishNext());
    const newer = reader.current(environmentId, "server")?.document;
    await database.$transaction([
      ...tables.flatMap((table) => [
        database.$executeRawUnsafe(`delete from ${table}`),
        database.$executeRawUnsafe(`insert into ${table} select * from saved_${table}`),
      ]),
      database.environment.update({
        where: { id: environmentId },
        data: { critical: false, publishedVersion: version },
      }),
    ]);
    await reaches(reader, version);
    // The same number again, and something else.
    await publishNext();
    await reaches(reader, version + 1);
    expect(reader.current(environmentId, "server")?.document).not.toBe(newer);
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
