import { randomUUID } from "node:crypto";
import type { Database } from "@telltale/db";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { announceKeys, publish, readRuleset, ring } from "../index.ts";
import { openWorld, sweepIntervalMs } from "./fixtures.ts";
import { openRulesetReader } from "./index.ts";

let world: Awaited<ReturnType<typeof openWorld>>;
let database: Database;
let environmentId: string;
let otherId: string;

beforeAll(async () => {
  world = await openWorld();
  ({ database, environmentId, otherId } = world);
});

afterAll(() => world.close());

it("holds what is asked for, from then on, and is told what is published later", async () => {
  const changes: string[] = [];
  const reader = await openRulesetReader({
    databaseUrl: world.url,
    sweepIntervalMs,
    onRuleset: (ruleset) => changes.push(`${ruleset.environmentId === environmentId} ${ruleset.audience}`),
  });
  try {
    expect([reader.current(environmentId, "server"), reader.catalogue().rulesets.size]).toEqual([undefined, 0]);
    await Promise.all([reader.activate(environmentId, "server"), reader.activate(environmentId, "client")]);
    expect(reader.activate(environmentId, "server")).toBeUndefined();
    expect(reader.current(environmentId, "server")?.version).toBe(1);
    expect(changes.sort()).toEqual(["true client", "true server"]);
    await world.publishNext();
    await vi.waitFor(() => expect(reader.current(environmentId, "client")?.version).toBe(2), { timeout: 10_000 });
    expect(reader.current(environmentId, "client")?.document).toBe(
      JSON.stringify(await readRuleset(database, environmentId, "client", 2)),
    );
  } finally {
    await reader.close();
  }
});

it("does not see what was rolled back", async () => {
  await using reader = await world.open({ sweepIntervalMs });
  const version = world.versionOf(reader);
  const failing = database.$transaction(async (tx) => {
    await publish(tx, environmentId, {});
    throw new Error("changed my mind");
  });
  await expect(failing).rejects.toThrow("changed my mind");
  await world.publishNext();
  await world.reaches(reader, version + 1);
});

it("learns new and revoked keys at once", async () => {
  const reader = await openRulesetReader({ databaseUrl: world.url, sweepIntervalMs });
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
  await using reader = await world.open({ sweepIntervalMs });
  const ruleset = reader.current(environmentId, "server");
  const { digest, version } = JSON.parse(ruleset?.document ?? "");
  expect(ruleset).toMatchObject({ etag: `"${digest}-${version}"`, environment: "shop/production", audience: "server" });
  expect(ruleset?.publishedAt).toBeLessThanOrEqual(Date.now());
});

describe("a notification costs what it names", () => {
  it("reads one environment, and no keys", async () => {
    await world.publishNext(otherId);
    await using reader = await world.open({ sweepIntervalMs });
    await reader.activate(otherId, "server");
    const other = reader.current(otherId, "server")?.version ?? 0;
    const unheard = await world.publishUnheard(otherId);
    const key = { environmentId: otherId, name: "k", audience: "client" as const, hint: "h", origins: [] };
    await database.sdkKey.create({ data: { ...key, id: randomUUID(), hash: "unnamed" } });
    await world.reaches(reader, await world.publishNext());
    expect(reader.current(otherId, "server")?.version).toBe(other);
    await database.$transaction((tx) => announceKeys(tx, environmentId));
    await world.reaches(reader, await world.publishNext());
    expect(reader.keyByHash("unnamed")).toBeUndefined();
    // One that says nothing that is known may mean anything.
    await ring(database, "?");
    await vi.waitFor(() => expect(reader.keyByHash("unnamed")).toBeDefined(), { timeout: 10_000 });
    expect(reader.current(otherId, "server")?.version).toBe(unheard);
  });

  it("reads nothing when it is told again of what it holds, or of what is older", async () => {
    const faults: string[] = [];
    await using reader = await world.open({ sweepIntervalMs, onFault: (id) => faults.push(id) });
    const version = await world.publishNext();
    await world.reaches(reader, version);
    const held = reader.current(environmentId, "server");
    // Who reads the entries now finds them wrong; a step does not need them.
    const where = { environmentId, kind: "header" };
    const { content } = await database.compiledEntry.findFirstOrThrow({ where });
    await database.compiledEntry.updateMany({ where, data: { content: "{}" } });
    await ring(database, { environmentId, version });
    await ring(database, { environmentId, version: version - 1 });
    await world.reaches(reader, await world.publishNext());
    expect([reader.said, faults]).toEqual([["notification", "notification"], []]);
    await database.compiledEntry.updateMany({ where, data: { content } });
    expect(reader.current(environmentId, "server")).not.toBe(held);
  });

  it("follows many changes at once to the newest, byte for byte", async () => {
    await using reader = await world.open({ sweepIntervalMs });
    const versions = await Promise.all(Array.from({ length: 20 }, () => world.publishNext()));
    const newest = Math.max(...versions);
    await world.reaches(reader, newest);
    const expected = await readRuleset(database, environmentId, "server", newest);
    expect(reader.current(environmentId, "server")?.document).toBe(JSON.stringify(expected));
  });
});

it("lets an environment go that nobody asks for, and takes it again when somebody does", async () => {
  const released: string[] = [];
  await using reader = await world.open({
    sweepIntervalMs: 50,
    idleMs: 1,
    onRelease: ({ audience }) => released.push(audience),
  });
  await vi.waitFor(() => expect(reader.catalogue().rulesets.size).toBe(0), { timeout: 10_000 });
  expect(released.sort()).toEqual(["client", "server"]);
  await reader.activate(environmentId, "server");
  expect(world.versionOf(reader)).toBeGreaterThan(0);
});

it("holds every environment from the start where all is passed on", async () => {
  await world.publishNext(otherId);
  await using reader = await world.open({ sweepIntervalMs, holdsAll: true });
  expect(reader.current(otherId, "client")?.environment).toBe("shop/other");
  const { projectId } = await database.environment.findFirstOrThrow();
  const { id } = await database.environment.create({
    data: { id: randomUUID(), key: "new", name: "N", position: 2, projectId },
  });
  await world.publishNext(id);
  await vi.waitFor(() => expect(reader.current(id, "server")?.version).toBe(1), { timeout: 10_000 });
});
