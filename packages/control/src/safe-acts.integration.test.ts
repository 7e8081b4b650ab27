import type { Database } from "@telltale/db";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addPeople, audited, draft, openShop, refusal, system, type TestShop } from "./fixtures.ts";
import {
  type Actor,
  archiveFlag,
  configureFlag,
  createExperiment,
  createFlag,
  createMetric,
  getExperiment,
  getFlag,
  startExperiment,
  stopExperiment,
  switchFlag,
} from "./index.ts";

const project = "demo/shop";
const environment = "production";
const metrics = [{ key: "purchase", role: "primary" as const }];
const arms = [
  { variant: "off", parts: 50_000 },
  { variant: "on", parts: 50_000 },
];

let shop: TestShop;
let database: Database;
let owner: Actor;
beforeAll(async () => {
  shop = await openShop();
  database = shop.database;
  owner = (await addPeople(shop)).owner;
  await createMetric(database, system, {
    project,
    key: "purchase",
    name: "Purchase",
    definition: { kind: "conversion", source: { event: "purchase" } },
  });
});
afterAll(() => shop.close());

const stateOf = async (flag: string) => {
  const { environments } = await getFlag(database, system, { project, flag });
  const found = environments.find(({ key }) => key === environment);
  if (!found) throw new Error("It is there.");
  return found;
};
const turn = async (flag: string, on: boolean) =>
  switchFlag(database, system, {
    project,
    flag,
    environment,
    on,
    expectedRevision: (await stateOf(flag)).revision,
  });
const require = async (flag: string, prerequisite: string) => {
  const { config, revision } = await stateOf(flag);
  const prerequisites = [{ flag: prerequisite, variants: ["on"] }];
  return configureFlag(database, system, {
    project,
    flag,
    environment,
    expectedRevision: revision,
    config: { ...config, prerequisites },
  });
};
const create = (key: string) => createFlag(database, system, { project, key, name: key, type: "boolean" });
/** An experiment that runs on a flag of the same key. */
const running = async (key: string) => {
  const address = await draft(database, key, { metrics });
  await startExperiment(database, system, { ...address, expectedRevision: 1 });
  return address;
};
/** As an older release, or a hand in the database, left it. */
const archiveByHand = (key: string) => database.flag.updateMany({ where: { key }, data: { archivedAt: new Date() } });

describe("archiving a flag", () => {
  it("asks for the experiments that run on it, and takes it once they are stopped", async () => {
    const address = await running("shown");
    const error = await refusal(archiveFlag(database, owner, { project, flag: "shown" }));
    expect(error).toMatchObject({
      code: "INVALID",
      detail: { problems: [expect.stringContaining("shown (Production)")] },
    });
    await stopExperiment(database, system, { ...address, expectedRevision: 2 });
    expect(await archiveFlag(database, owner, { project, flag: "shown" })).toEqual({ key: "shown" });
    const plan = { project, key: "again", name: "Again", flag: "shown", environment, arms, metrics };
    expect((await refusal(createExperiment(database, system, plan))).code).toBe("INVALID");
  });

  it("and asking for it as a prerequisite at the same time: one of them is refused", async () => {
    for (let round = 0; round < 8; round++) {
      const [base, top] = [`base-${round}`, `top-${round}`];
      await create(base);
      await create(top);
      const results = await Promise.allSettled([
        archiveFlag(database, owner, { project, flag: base }),
        require(top, base),
      ]);
      expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    }
  });

  it("and starting an experiment on it at the same time: one of them is refused", async () => {
    for (let round = 0; round < 8; round++) {
      const address = await draft(database, `race-${round}`, { metrics });
      const results = await Promise.allSettled([
        startExperiment(database, system, { ...address, expectedRevision: 1 }),
        archiveFlag(database, owner, { project, flag: `race-${round}` }),
      ]);
      expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    }
  });

  it("and changing it at the same time: what comes after it is refused", async () => {
    for (let round = 0; round < 8; round++) {
      await create(`late-${round}`);
      const at = { project, flag: `late-${round}`, environment, expectedRevision: 1, on: true };
      const results = await Promise.allSettled([
        archiveFlag(database, owner, { project, flag: at.flag }),
        switchFlag(database, system, at),
      ]);
      const { archivedAt } = await getFlag(database, system, { project, flag: at.flag });
      expect([results[0]?.status, archivedAt !== null]).toEqual(["fulfilled", true]);
      const lines = await database.auditEvent.findMany({ where: { objectKey: at.flag }, orderBy: { id: "asc" } });
      expect(lines.at(-1)?.action).toBe("archive");
    }
  });
});

describe("a safe act", () => {
  it("stops an experiment on a flag that is archived, and takes its rule away", async () => {
    const address = await running("stranded");
    await archiveByHand("stranded");
    await stopExperiment(database, system, { ...address, expectedRevision: 2 });
    expect((await getExperiment(database, system, address)).status).toBe("ended");
    expect((await stateOf("stranded")).config.rules).toEqual([]);
  });

  it("switches off, and stops, though a prerequisite is gone; switching on is refused", async () => {
    await create("gone");
    await create("needy");
    const address = await running("tested");
    for (const flag of ["needy", "tested"]) await require(flag, "gone");
    await turn("needy", true);
    await archiveByHand("gone");
    expect(await turn("needy", false)).toMatchObject({ sentence: "Turned off." });
    expect((await refusal(turn("needy", true))).message).toContain("gone");
    await stopExperiment(database, system, { ...address, expectedRevision: 2 });
    expect(await turn("tested", false)).toMatchObject({ sentence: "Turned off." });
  });

  it("stops an experiment while its flag is being changed", async () => {
    const address = await running("busy");
    const [stopped] = await Promise.allSettled([
      stopExperiment(database, system, { ...address, expectedRevision: 2 }),
      turn("busy", false),
    ]);
    expect(stopped.status).toBe("fulfilled");
  });
});

describe("a change of a flag on which an experiment runs", () => {
  const log = async (key: string, count: number) =>
    (await audited(database, 200)).filter((line) => line.startsWith(`experiment ${key}: `)).slice(0, count);

  it("is written into its decision log when it changes who is assigned, and only then", async () => {
    const address = await running("watched");
    const changes = async () => (await getExperiment(database, system, address)).flagChanges.length;
    await turn("watched", false);
    await turn("watched", true);
    expect(await log("watched", 2)).toEqual([
      expect.stringContaining("turned on again"),
      expect.stringContaining("turned off"),
    ]);
    expect(await changes()).toBe(2);

    const { config, revision } = await stateOf("watched");
    const at = { project, flag: "watched", environment };
    const below = { ...config, serve: { variant: "off" } };
    await configureFlag(database, system, { ...at, config: below, expectedRevision: revision });
    expect(await changes()).toBe(2);
    const above = { ...below, targets: [{ variant: "on", ids: ["ana"] }] };
    await configureFlag(database, system, { ...at, config: above, expectedRevision: revision + 1 });
    expect(await changes()).toBe(3);
    expect((await getExperiment(database, system, address)).flagChanges[2]?.sentence).toContain(
      "targets of on added: ana",
    );
  });

  it("counts for the switch of its prerequisite", async () => {
    await create("gate");
    await turn("gate", true);
    const address = await running("gated");
    await require("gated", "gate");
    await turn("gate", false);
    const { flagChanges } = await getExperiment(database, system, address);
    expect(flagChanges.at(-1)?.sentence).toContain("gate, a prerequisite of gated, was turned off");
  });

  it("does not count for other experiments, nor for their start and stop below it", async () => {
    const address = await running("first");
    await createExperiment(database, system, {
      project,
      key: "second",
      name: "Second",
      flag: "first",
      environment,
      arms,
      metrics,
    });
    await startExperiment(database, system, { project, experiment: "second", expectedRevision: 1 });
    await stopExperiment(database, system, { project, experiment: "second", expectedRevision: 2 });
    expect((await getExperiment(database, system, address)).flagChanges).toEqual([]);
  });
});

describe("stopping", () => {
  it("says what people will get, before and after", async () => {
    const address = await running("telling");
    const { config, revision } = await stateOf("telling");
    const at = { project, flag: "telling", environment };
    expect((await getExperiment(database, system, address)).afterStop).toBe("on");
    const serve = {
      split: {
        by: "targetingKey",
        salt: "telling/everyone",
        weights: [
          { variant: "on", parts: 10_000 },
          { variant: "off", parts: 90_000 },
        ],
      },
    };
    await configureFlag(database, system, { ...at, config: { ...config, serve }, expectedRevision: revision });
    expect((await getExperiment(database, system, address)).afterStop).toBe("on 10 %, off 90 %");
    await turn("telling", false);
    expect((await getExperiment(database, system, address)).afterStop).toBe("off, as the flag is off");
    await turn("telling", true);
    await stopExperiment(database, system, { ...address, expectedRevision: 2 });
    const [line] = (await audited(database, 3)).filter((one) => one.startsWith("experiment telling"));
    expect(line).toContain("gets on 10 %, off 90 %");
    expect((await getExperiment(database, system, address)).afterStop).toBeNull();
  });
});
