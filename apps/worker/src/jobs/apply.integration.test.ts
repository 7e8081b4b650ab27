import {
  type Actor,
  createExperiment,
  createFlag,
  createMetric,
  createProject,
  type Database,
  ensureOrganisation,
  ensureUser,
  openDatabase,
  openSignIn,
  proposeChange,
  scheduleChange,
  setMemberRole,
  switchFlag,
  verifyAudit,
} from "@telltale/control";
import { createDatabase, createEventStore } from "@telltale/testing";
import { borrowDatabases } from "@telltale/testing/borrowed";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { killLeader, openWorkers, splitLead, until, type Workers } from "./fixtures.ts";

const system = { kind: "system", name: "demo seed" } as const;
const project = "demo/shop";
const ENVIRONMENTS = ["development", "staging", "production"];
const CHANGES = 30;
/** In the midst of the others. */
const REFUSED = 14;
const BROKEN = 17;

const closing: (() => PromiseLike<void>)[] = [];
let database: Database;
let owner: Actor;
let organisationId: string;
let workers: Workers;

beforeAll(async () => {
  const { postgresUrl, clickhouseUrl } = borrowDatabases();
  const postgres = await createDatabase(postgresUrl);
  closing.unshift(() => postgres[Symbol.asyncDispose]());
  const { store, ...events } = await createEventStore(clickhouseUrl);
  closing.unshift(() => store.close());
  database = openDatabase(postgres.url);
  closing.unshift(() => database.$disconnect());
  workers = openWorkers({ databaseUrl: postgres.url, clickhouseUrl: events.url });
  closing.unshift(() => workers.stop());
  ({ id: organisationId } = await ensureOrganisation(database, { key: "demo", name: "Demo" }));
  const environments = ENVIRONMENTS.map((key) => ({ key, name: key, critical: key === "production" }));
  await createProject(database, system, { organisation: "demo", key: "shop", name: "Shop", environments });
  const signIn = openSignIn(database, { secret: "s".repeat(32), publicUrl: "http://localhost" });
  const person = { name: "owner", email: "owner@example.com", password: "long enough" };
  const { id: userId } = await ensureUser(database, signIn, person);
  await setMemberRole(database, system, { organisation: "demo", userId, role: "owner" });
  owner = { kind: "user", userId };
});
afterAll(async () => {
  for (const close of closing) await close();
});

/** Switches a flag on; every third change besides writes a note, which nothing but the change-set counts. */
async function propose(index: number): Promise<number> {
  const [flag, environment] = [`flag-${index}`, ENVIRONMENTS[index % 3] ?? ""];
  await createFlag(database, system, { project, key: flag, name: flag, type: "boolean" });
  const onFlag = { name: "flag.switch", input: { project, flag, environment, on: true } };
  const note = { name: "experiment.note", input: { project, experiment: "sale", note: `note ${index}` } };
  const commands = index % 3 === 0 ? [note, onFlag] : [onFlag];
  const { change } = await proposeChange(database, owner, { project, title: flag, commands });
  const at = new Date(Date.now() + 3_600_000).toISOString();
  await scheduleChange(database, owner, { project, change, at, timeZone: "Europe/Berlin" });
  return change;
}

async function createSale() {
  await createFlag(database, system, { project, key: "sale", name: "Sale", type: "boolean" });
  const definition = { kind: "conversion", source: { event: "purchase" } } as const;
  await createMetric(database, system, { project, key: "bought", name: "Bought", definition });
  await createExperiment(database, system, {
    project,
    key: "sale",
    name: "Sale",
    flag: "sale",
    environment: "production",
    arms: [
      { variant: "off", parts: 50_000 },
      { variant: "on", parts: 50_000 },
    ],
    metrics: [{ key: "bought", role: "primary" }],
  });
}

const countOpen = () => database.changeSet.count({ where: { state: "scheduled" } });
describe("changes that are due at the same time", () => {
  const changes: number[] = [];

  beforeAll(async () => {
    await createSale();
    for (let index = 0; index < CHANGES; index++) changes.push(await propose(index));
    // Somebody else did the same meanwhile: it would do something else than what was looked at.
    const refused = { project, flag: `flag-${REFUSED}`, environment: ENVIRONMENTS[REFUSED % 3] ?? "", on: true };
    await switchFlag(database, system, refused);
    // As nobody can write it through the door.
    await database.changeSet.updateMany({ where: { number: changes[BROKEN] }, data: { commands: "broken" } });
    for (const [index, number] of changes.entries()) {
      const scheduledAt = new Date(Date.now() - 1_000 + index);
      await database.changeSet.updateMany({ where: { number }, data: { scheduledAt } });
    }
  });

  it("are settled while workers are killed, and while two take themselves for the leading one", async () => {
    workers.start("worker-1");
    workers.start("worker-2");
    for (const disturb of [killLeader, splitLead, killLeader, splitLead]) {
      const open = await countOpen();
      await disturb({ database, workers });
      await until(countOpen).toBeLessThan(open - 2);
    }
    await until(countOpen).toBe(0);
  }, 600_000);

  it("are applied once each, but for those that are refused", async () => {
    const rows = await database.changeSet.findMany({ orderBy: { number: "asc" } });
    const failed = rows.filter(({ state }) => state === "failed");
    expect(failed.map(({ number }) => number)).toEqual([changes[REFUSED], changes[BROKEN]]);
    for (const { problem } of failed) expect(problem).toBeTruthy();
    expect(rows.filter(({ state }) => state === "applied")).toHaveLength(CHANGES - 2);
    const lines = await database.auditEvent.groupBy({
      by: ["command", "objectKey"],
      where: { object: "change", command: { in: ["change.applyNow", "change.setAside"] } },
      _count: true,
      orderBy: { objectKey: "asc" },
    });
    expect(lines.map(({ objectKey }) => Number(objectKey)).sort((a, b) => a - b)).toEqual(changes);
    expect(lines.filter(({ _count }) => _count !== 1)).toEqual([]);
    const aside = lines.filter(({ command }) => command === "change.setAside");
    expect(aside.map(({ objectKey }) => Number(objectKey))).toEqual([changes[REFUSED], changes[BROKEN]]);
  });

  it("did what they say once: a revision a flag, a note a change", async () => {
    for (let index = 0; index < CHANGES; index++) {
      if (index === BROKEN) continue;
      const environment = { key: ENVIRONMENTS[index % 3] ?? "" };
      const config = await database.flagConfig.findFirstOrThrow({
        where: { flag: { key: `flag-${index}` }, environment },
      });
      expect([config.revision, (config.config as { on?: unknown }).on]).toEqual([2, true]);
    }
    const notes = await database.auditEvent.findMany({ where: { sentence: "Noted." } });
    const noted = Array.from({ length: CHANGES }, (_, index) => index).filter((index) => index % 3 === 0);
    expect(notes.map(({ comment }) => comment).sort()).toEqual(noted.map((index) => `note ${index}`).sort());
  });

  it("left versions without gaps, and one whole audit trail", async () => {
    for (const { id, publishedVersion } of await database.environment.findMany()) {
      const rows = await database.rulesetVersion.findMany({ where: { environmentId: id }, select: { version: true } });
      const versions = [...new Set(rows.map(({ version }) => version))].sort((a, b) => a - b);
      expect(versions).toEqual(Array.from({ length: publishedVersion }, (_, index) => index + 1));
    }
    expect(await verifyAudit(database, organisationId)).toMatchObject({ ok: true });
    expect(workers.output()).not.toContain("ended by itself");
  });
});
