import { randomUUID } from "node:crypto";
import type { Database } from "@telltale/db";
import { startTestPostgres, startWire, type TestPostgres } from "@telltale/testing";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { publish, readRuleset, ring } from "../index.ts";
import { openWorld, sweepIntervalMs } from "./fixtures.ts";
import { openRulesetReader } from "./index.ts";

let server: TestPostgres;
let world: Awaited<ReturnType<typeof openWorld>>;
let database: Database;
let environmentId: string;
let otherId: string;

beforeAll(async () => {
  server = await startTestPostgres();
  world = await openWorld(server);
  ({ database, environmentId, otherId } = world);
});

afterAll(async () => {
  await world?.close();
  await server?.[Symbol.asyncDispose]();
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
  await using reader = await world.open({ sweepIntervalMs });
  for (let round = 0; round < 2; round++) {
    await world.reaches(reader, await publishAsBefore(environmentId));
    expect(reader.current(environmentId, "server")).toMatchObject({ document: '{"schema":2}', digest: "before" });
    await world.reaches(reader, await world.publishNext());
    expect(JSON.parse(reader.current(environmentId, "server")?.document ?? "")).toMatchObject({ schema: 2, flags: {} });
  }
});

describe("what is stored wrongly", () => {
  it("is read as a whole where a step is missing", async () => {
    await using reader = await world.open({ sweepIntervalMs });
    const version = await database.$transaction(async (tx) => {
      await tx.environment.update({ where: { id: environmentId }, data: { critical: true } });
      const missing = await publish(tx, environmentId, {});
      await publish(tx, environmentId, {});
      await tx.rulesetVersion.deleteMany({ where: { environmentId, version: missing } });
      return missing + 1;
    });
    await world.reaches(reader, version);
    const { hints } = JSON.parse(reader.current(environmentId, "server")?.document ?? "");
    expect(hints).toEqual({ flushIntervalMs: 2_000, fastLane: false });
  });

  it("is compiled and read as a whole where the newest version is gone", async () => {
    await using reader = await world.open({ sweepIntervalMs });
    const version = world.versionOf(reader);
    await database.rulesetVersion.deleteMany({ where: { environmentId, version } });
    await world.reaches(reader, await world.publishNext());
    const expected = await readRuleset(database, environmentId, "server", version + 1);
    expect(reader.current(environmentId, "server")?.document).toBe(JSON.stringify(expected));
  });

  it("stops its environment and no other, and says so", async () => {
    const faults: string[] = [];
    await using reader = await world.open({ sweepIntervalMs, onFault: (id) => faults.push(id) });
    await reader.activate(otherId, "server");
    const held = reader.current(otherId, "server");
    const where = {
      environmentId_audience_kind_key: { environmentId: otherId, audience: "server", kind: "header", key: "" },
    } as const;
    const { content } = await database.compiledEntry.findUniqueOrThrow({ where });
    await database.compiledEntry.update({ where, data: { content: "{}" } });
    // A version that no step leads to: all is read, and is not what it should be.
    const version = await world.publishUnheard(otherId);
    await database.rulesetVersion.deleteMany({ where: { environmentId: otherId, version } });
    await database.$executeRaw`
      insert into ruleset_version select "environmentId", audience, ${version + 1}, false, '[]', 'wrong', now()
        from ruleset_version where "environmentId" = ${otherId} and version = ${version - 1} and not "isWhole"`;
    await database.environment.update({ where: { id: otherId }, data: { publishedVersion: version + 1 } });
    await ring(database, { environmentId: otherId, version: version + 1 });
    await world.reaches(reader, await world.publishNext());
    expect([reader.healthy(), new Set(faults)]).toEqual([true, new Set([otherId])]);
    expect(reader.current(otherId, "server")).toBe(held);
    await database.compiledEntry.update({ where, data: { content } });
    await database.rulesetVersion.deleteMany({ where: { environmentId: otherId, version: version + 1 } });
    const next = await world.publishNext(otherId);
    await vi.waitFor(() => expect(reader.current(otherId, "server")?.version).toBe(next), { timeout: 10_000 });
  });
});

describe("is never stale", () => {
  it("when a notification was missed: a sweep finds rulesets, keys and revocations", async () => {
    await using reader = await world.open({ sweepIntervalMs: 100 });
    const next = world.versionOf(reader) + 1;
    await world.publishUnheard();
    const key = { environmentId, name: "k", audience: "client" as const, hint: "h", origins: [] };
    const { id } = await database.sdkKey.create({ data: { ...key, id: randomUUID(), hash: "unheard" } });
    await world.reaches(reader, next);
    await vi.waitFor(() => expect(reader.keyByHash("unheard")).toBeDefined(), { timeout: 10_000 });
    await database.sdkKey.update({ where: { id }, data: { revokedAt: new Date() } });
    await vi.waitFor(() => expect(reader.keyByHash("unheard")).toBeUndefined(), { timeout: 10_000 });
    expect(new Set(reader.said)).toEqual(new Set(["sweep"]));
  });

  it("when its session was killed: it listens anew, then reads what it has missed", async () => {
    await using reader = await world.open({ sweepIntervalMs });
    const next = world.versionOf(reader) + 1;
    await world.publishUnheard();
    expect(world.versionOf(reader)).toBe(next - 1);
    await database.$queryRaw`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'telltale ruleset reader'`;
    await world.reaches(reader, next);
    await world.publishNext();
    await world.reaches(reader, next + 1);
    expect(reader.healthy()).toBe(true);
    expect(reader.said).toEqual(["away", "reconnect", "back", "notification"]);
  });

  it("when the network swallows everything without a word", async () => {
    const direct = new URL(world.url);
    await using wire = await startWire(Number(direct.port));
    const databaseUrl = Object.assign(new URL(direct), { port: String(wire.port) }).href;
    await using reader = await world.open({ databaseUrl, sweepIntervalMs: 100, answerTimeoutMs: 500 });
    const version = world.versionOf(reader);
    wire.swallow(true);
    await world.publishUnheard();
    await vi.waitFor(() => expect(reader.healthy()).toBe(false), { timeout: 10_000 });
    expect(world.versionOf(reader)).toBe(version);
    wire.swallow(false);
    await world.reaches(reader, version + 1);
    expect(reader.said).toEqual(["away", "reconnect", "back"]);
  });

  it("when PostgreSQL is restarted", async () => {
    await using reader = await world.open({ sweepIntervalMs });
    const version = world.versionOf(reader);
    await server.stop();
    await vi.waitFor(() => expect(reader.healthy()).toBe(false), { timeout: 10_000 });
    expect(world.versionOf(reader)).toBe(version);
    await server.start();
    // The pool of the test lost its connections as well; its first answer may be that. What is published before the
    // reader is back is read, what is published after is heard: it listens first.
    const next = await vi.waitFor(() => world.publishNext(), { timeout: 20_000 });
    expect(next).toBeGreaterThan(version);
    await world.reaches(reader, next);
    await vi.waitFor(() => expect(reader.healthy()).toBe(true), { timeout: 10_000 });
  });

  it("when the database was restored to an older state", async () => {
    await using reader = await world.open({ sweepIntervalMs: 100 });
    const version = world.versionOf(reader);
    const tables = ["compiled_entry", "ruleset_version"];
    for (const table of tables)
      await database.$executeRawUnsafe(`create table saved_${table} as select * from ${table}`);
    await database.environment.update({ where: { id: environmentId }, data: { critical: true } });
    await world.reaches(reader, await world.publishNext());
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
    await world.reaches(reader, version);
    // The same number again, and something else.
    await world.publishNext();
    await world.reaches(reader, version + 1);
    expect(reader.current(environmentId, "server")?.document).not.toBe(newer);
  });
});

describe("starting with the database dead", () => {
  const databaseUrl = "postgres://nobody@127.0.0.1:1/nothing";

  it("fails with nothing to serve", async () => {
    await expect(openRulesetReader({ databaseUrl })).rejects.toThrow("ECONNREFUSED");
  });

  it("serves what it was given, and says that it is not the newest", async () => {
    await using live = await world.open({ sweepIntervalMs });
    await using reader = await world.open({ databaseUrl, sweepIntervalMs, initial: live.catalogue() });
    expect([world.versionOf(reader), reader.healthy(), reader.said]).toEqual([world.versionOf(live), false, ["away"]]);
  });
});
