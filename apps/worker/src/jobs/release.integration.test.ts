import {
  createFlag,
  createProject,
  createRelease,
  type Database,
  ensureOrganisation,
  openDatabase,
  updateFlag,
  verifyAudit,
} from "@telltale/control";
import { createDatabase, createEventStore, startTestDatabases } from "@telltale/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { killLeader, openWorkers, splitLead, until, type Workers } from "./fixtures.ts";

const system = { kind: "system", name: "demo seed" } as const;
const project = "demo/shop";
const RELEASES = 30;
/** As nobody can write it through the door. */
const BROKEN = 11;

const closing: (() => PromiseLike<void>)[] = [];
let database: Database;
let organisationId: string;
let workers: Workers;

beforeAll(async () => {
  const databases = await startTestDatabases();
  closing.unshift(() => databases[Symbol.asyncDispose]());
  const postgres = await createDatabase(databases.postgresUrl);
  const { store, ...events } = await createEventStore(databases.clickhouseUrl);
  closing.unshift(() => store.close());
  database = openDatabase(postgres.url);
  closing.unshift(() => database.$disconnect());
  workers = openWorkers({ databaseUrl: postgres.url, clickhouseUrl: events.url });
  closing.unshift(() => workers.stop());
  ({ id: organisationId } = await ensureOrganisation(database, { key: "demo", name: "Demo" }));
  const environments = [{ key: "production", name: "Production" }];
  await createProject(database, system, { organisation: "demo", key: "shop", name: "Shop", environments });
  for (let index = 0; index < RELEASES; index++) await startRelease(`flag-${index}`);
  await database.$executeRaw`
    update release set plan = '"broken"' where "flagId" = (select id from flag where key = ${`flag-${BROKEN}`})`;
});
afterAll(async () => {
  for (const close of closing) await close();
});

/** A release whose steps, bake and standby are over at once, so that it is always due. */
async function startRelease(flag: string): Promise<void> {
  const at = { project, flag, environment: "production" };
  await createFlag(database, system, { project, key: flag, name: flag, type: "boolean" });
  const serve = { variant: "off" };
  await updateFlag(database, system, {
    ...at,
    instructions: [{ kind: "turnOn" }, { kind: "setServe", rule: null, serve }],
  });
  const steps = [1_000, 5_000, 25_000].map((parts) => ({ parts, holdSeconds: 0 }));
  const times = { holdbackParts: 0, bakeSeconds: 0, standbySeconds: 0, whenStalled: "tell" as const };
  const plan = { strategy: "canary" as const, rule: null, variant: "on", by: "targetingKey", steps, ...times };
  await createRelease(database, system, { ...at, plan, start: { at: null } });
}

const countOpen = () => database.release.count({ where: { status: { not: "decommissioned" } } });
const countMoves = () => database.releaseTransition.count();
describe("releases that are due at the same time", () => {
  it("go on to their end while workers are killed, and while two take themselves for the leading one", async () => {
    workers.start("worker-1");
    workers.start("worker-2");
    for (const disturb of [killLeader, splitLead, killLeader, splitLead]) {
      const moves = await countMoves();
      await disturb({ database, workers });
      await until(countMoves).toBeGreaterThan(moves + 2);
    }
    // But for the one that nobody can read.
    await until(countOpen).toBe(1);
  }, 600_000);

  it("made each transition once, in its order, with one revision and one audit line each", async () => {
    const rows = await database.release.findMany({
      include: { flag: true, transitions: { orderBy: { sequence: "asc" } } },
      orderBy: { number: "asc" },
    });
    for (const { flag, number, transitions, flagId } of rows) {
      const isBroken = flag.key === `flag-${BROKEN}`;
      const kinds = transitions.map(({ kind, sequence }) => [sequence, kind]);
      const all = ["started", "advanced", "advanced", "advanced", "completed", "decommissioned"];
      expect(kinds).toEqual(all.slice(0, isBroken ? 1 : 6).map((kind, at) => [at + 1, kind]));
      const lines = await database.auditEvent.count({ where: { object: "release", objectKey: String(number) } });
      expect(lines).toBe(transitions.length);
      const config = await database.flagConfig.findFirstOrThrow({ where: { flagId } });
      // Made, turned on, and then once for each transition that serves something else: completed, it serves what baked.
      expect(config.revision).toBe(isBroken ? 3 : 6);
      if (!isBroken) expect(config.config).toMatchObject({ serve: { variant: "on" } });
    }
  });

  it("left versions without gaps, and one whole audit trail", async () => {
    for (const { id, publishedVersion } of await database.environment.findMany()) {
      const found = await database.rulesetVersion.findMany({ where: { environmentId: id }, select: { version: true } });
      const versions = [...new Set(found.map(({ version }) => version))].sort((a, b) => a - b);
      expect(versions).toEqual(Array.from({ length: publishedVersion }, (_, index) => index + 1));
    }
    expect(await verifyAudit(database, organisationId)).toMatchObject({ ok: true });
    expect(workers.output()).not.toContain("ended by itself");
  });
});
