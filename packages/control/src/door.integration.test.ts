import type { Database } from "@telltale/db";
import { readRuleset } from "@telltale/ruleset";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addPeople, openShop, refusal, type TestShop } from "./fixtures.ts";
import {
  type Actor,
  archiveFlag,
  configureFlag,
  createExperiment,
  createFlag,
  createKey,
  createMetric,
  flagHistory,
  getExperiment,
  getFlag,
  listAudit,
  listKeys,
  revertFlag,
  saveSegment,
  startExperiment,
  stopExperiment,
  switchFlag,
} from "./index.ts";

let shop: TestShop;
let database: Database;
let owner: Actor;
let viewer: Actor;
const at = { project: "demo/shop", flag: "banner", environment: "production" };

beforeAll(async () => {
  shop = await openShop();
  database = shop.database;
  ({ owner, viewer } = await addPeople(shop));
  await createFlag(database, owner, { project: "demo/shop", key: "banner", name: "Banner", type: "boolean" });
});

afterAll(() => shop.close());

const revision = async (environment = "production") => {
  const flag = await getFlag(database, owner, { project: "demo/shop", flag: "banner" });
  return flag.environments.find((row) => row.key === environment)?.revision ?? 0;
};
const version = async () =>
  (await database.environment.findFirstOrThrow({ where: { key: "production" } })).publishedVersion;
const newestRuleset = async () => {
  const { id } = await database.environment.findFirstOrThrow({ where: { key: "production" } });
  const ruleset = await readRuleset(database, id, "server");
  if (!ruleset) throw new Error("Nothing is published.");
  return ruleset;
};
/** What the newest ruleset has switched on: there, a flag is on unless it says otherwise. */
const published = async () => {
  const { version, flags } = await newestRuleset();
  return { version, on: Object.keys(flags).filter((key) => flags[key]?.on !== false) };
};

describe("the one door", () => {
  it("writes revision, audit, ruleset and outbox together", async () => {
    const before = await version();
    const result = await switchFlag(database, owner, {
      ...at,
      on: true,
      expectedRevision: await revision(),
      comment: "go",
    });
    expect(result.sentence).toBe("Turned on.");
    expect(await published()).toEqual({ version: before + 1, on: ["banner"] });
    const [entry] = (await listAudit(database, owner, { project: "demo/shop" })).items;
    expect(entry).toMatchObject({
      object: "flag",
      objectKey: "banner",
      environment: "production",
      sentence: "Turned on.",
      comment: "go",
      actorName: "owner",
    });
    const [newest] = await flagHistory(database, owner, at);
    expect(newest).toMatchObject({ revision: result.revision, sentence: "Turned on.", actorName: "owner" });
    const outbox = await database.outbox.findFirstOrThrow({ orderBy: { id: "desc" } });
    expect(outbox).toMatchObject({ topic: "ruleset.published", payload: { version: before + 1 } });
  });

  it("publishes nothing when nothing changed", async () => {
    const before = await version();
    const { sentence } = await switchFlag(database, owner, { ...at, on: true, expectedRevision: await revision() });
    expect(sentence).toBe("Nothing changed.");
    expect(await version()).toBe(before);
  });

  it("lets a viewer look and not change, and names who can", async () => {
    const expectedRevision = await revision();
    expect((await getFlag(database, viewer, { project: "demo/shop", flag: "banner" })).key).toBe("banner");
    const error = await refusal(switchFlag(database, viewer, { ...at, on: false, expectedRevision }));
    expect(error.code).toBe("FORBIDDEN");
    expect(error.message).toContain("owner");
    expect(await revision()).toBe(expectedRevision);
  });

  it("shows a stranger nothing, not even that there is something", async () => {
    const stranger: Actor = { kind: "user", userId: "nobody" };
    expect((await refusal(getFlag(database, stranger, { project: "demo/shop", flag: "banner" }))).code).toBe(
      "NOT_FOUND",
    );
  });

  it("answers a stale revision with the newer one and changes nothing", async () => {
    const stale = await revision();
    await switchFlag(database, owner, { ...at, on: false, expectedRevision: stale });
    const error = await refusal(switchFlag(database, owner, { ...at, on: true, expectedRevision: stale }));
    expect(error.code).toBe("CONFLICT");
    expect(error.detail).toMatchObject({ revision: stale + 1, sentence: "Turned off.", actorName: "owner" });
    expect(await revision()).toBe(stale + 1);
  });

  it("lets exactly one of many simultaneous changes win, with versions that have no gap", async () => {
    const expectedRevision = await revision();
    const before = await version();
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, () => switchFlag(database, owner, { ...at, on: true, expectedRevision })),
    );
    expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(1);
    expect(await revision()).toBe(expectedRevision + 1);
    expect(await version()).toBe(before + 1);
  });

  it("publishes both of two simultaneous changes to different flags", async () => {
    const keys = ["left", "right"];
    for (const key of keys)
      await createFlag(database, owner, { project: "demo/shop", key, name: key, type: "boolean" });
    const before = await version();
    await Promise.all(keys.map((flag) => switchFlag(database, owner, { ...at, flag, on: true, expectedRevision: 1 })));
    expect(await published()).toMatchObject({ version: before + 2, on: expect.arrayContaining(keys) });
  });

  it("lets one of many simultaneous creates of a key win, and refuses the others by a sentence", async () => {
    const create = () =>
      createFlag(database, owner, { project: "demo/shop", key: "rush", name: "Rush", type: "boolean" });
    const results = await Promise.allSettled(Array.from({ length: 8 }, create));
    const refused = results.flatMap((result) => (result.status === "rejected" ? [result.reason.code] : []));
    expect(refused).toEqual(Array.from({ length: 7 }, () => "EXISTS"));
  });

  it("refuses a configuration that cannot be served, and leaves nothing behind", async () => {
    const expectedRevision = await revision();
    const audit = await database.auditEvent.count();
    const config = { on: true, off: "off", targets: [], rules: [], serve: { variant: "purple" } };
    const error = await refusal(configureFlag(database, owner, { ...at, config, expectedRevision }));
    expect(error.code).toBe("INVALID");
    expect(error.message).toContain("purple");
    expect(await database.auditEvent.count()).toBe(audit);
    expect(await revision()).toBe(expectedRevision);
  });

  it("lets nobody close a circle of prerequisites, not even two at once", async () => {
    for (const key of ["one", "two"])
      await createFlag(database, owner, { project: "demo/shop", key, name: key, type: "boolean" });
    const asking = (flag: string, other: string) =>
      configureFlag(database, owner, {
        ...at,
        flag,
        expectedRevision: 1,
        config: {
          on: true,
          off: "off",
          targets: [],
          rules: [],
          serve: { variant: "on" },
          prerequisites: [{ flag: other, variants: ["on"] }],
        },
      });
    const results = await Promise.allSettled([asking("one", "two"), asking("two", "one")]);
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const refused = results.find((result) => result.status === "rejected");
    expect(JSON.stringify(refused?.reason.detail ?? refused?.reason.message)).toMatch(
      /circle: (one → two → one|two → one → two)/,
    );
    const needed = results[0]?.status === "fulfilled" ? "two" : "one";
    const archived = archiveFlag(database, owner, { project: "demo/shop", flag: needed });
    await expect(archived).rejects.toThrow(/is a prerequisite of (one|two) \(Production\)/);
  });

  it("reverts by writing a new revision", async () => {
    const expectedRevision = await revision();
    const { revision: reverted, sentence } = await revertFlag(database, owner, {
      ...at,
      toRevision: 1,
      expectedRevision,
    });
    expect(reverted).toBe(expectedRevision + 1);
    expect(sentence).toBe("Reverted to revision 1: Turned off.");
  });

  it("does not bring a pattern back that an older release had let in", async () => {
    const where = { flag: { key: at.flag }, environment: { key: at.environment } };
    const current = await database.flagConfig.findFirstOrThrow({ where });
    const when = [{ attribute: "email", op: "matches", values: ["^(a+)+$"] }];
    const rules = [{ id: "slow", name: "", when, serve: { variant: "on" } }];
    const config = { ...(current.config as object), rules };
    await database.flagRevision.create({
      data: {
        flagId: current.flagId,
        environmentId: current.environmentId,
        revision: 9_999,
        config,
        sentence: "By an older release.",
        actor: { kind: "system", name: "test" },
      },
    });
    const revert = revertFlag(database, owner, { ...at, toRevision: 9_999, expectedRevision: await revision() });
    expect((await refusal(revert)).code).toBe("INVALID");
  });

  it("does not let history be rewritten, not even by SQL", async () => {
    const change = database.flagRevision.updateMany({ data: { sentence: "it was not me" } });
    await expect(change).rejects.toThrow("immutable");
    await expect(database.auditEvent.deleteMany({})).rejects.toThrow("immutable");
  });

  it("refuses a second flag with the same key and segments made of segments", async () => {
    const again = createFlag(database, owner, { project: "demo/shop", key: "banner", name: "Again", type: "boolean" });
    expect((await refusal(again)).code).toBe("EXISTS");
    const definition = { included: [], excluded: [], rules: [[{ op: "inSegment" as const, segments: ["a"] }]] };
    const segment = { project: "demo/shop", key: "n", name: "n", definition, expectedRevision: null };
    const nested = saveSegment(database, owner, segment);
    expect((await refusal(nested)).code).toBe("INVALID");
  });
});

describe("a client key", () => {
  it("keeps its origins as browsers send them, and takes nothing else for one", async () => {
    const key = { project: "demo/shop", environment: "production", name: "Web", audience: "client" as const };
    const { id } = await createKey(database, owner, { ...key, origins: ["https://Shop.example/"] });
    const keys = await listKeys(database, owner, { project: "demo/shop" });
    expect(keys.find((one) => one.id === id)?.origins).toEqual(["https://shop.example"]);
    const path = createKey(database, owner, { ...key, origins: ["https://shop.example/path"] });
    expect((await refusal(path)).code).toBe("INVALID");
  });
});

describe("experiments", () => {
  const experiment = { project: "demo/shop", experiment: "test" };
  const plan = {
    project: "demo/shop",
    key: "test",
    name: "Test",
    flag: "banner",
    environment: "production",
    arms: [
      { variant: "off", parts: 50_000 },
      { variant: "on", parts: 50_000 },
    ],
    metrics: [{ key: "purchase", role: "primary" as const }],
  };

  it("start as a rule of the flag and leave with it when they stop", async () => {
    await createMetric(database, owner, {
      project: "demo/shop",
      key: "purchase",
      name: "Purchase",
      definition: { kind: "conversion", source: { event: "purchase" } },
    });
    await createExperiment(database, owner, plan);
    const early = await refusal(startExperiment(database, owner, { ...experiment, expectedRevision: 1 }));
    expect(early.message).toContain("Turn it on first");
    expect((await getExperiment(database, owner, experiment)).status).toBe("draft");

    await switchFlag(database, owner, { ...at, on: true, expectedRevision: await revision() });
    await startExperiment(database, owner, { ...experiment, expectedRevision: 1 });
    const running = await newestRuleset();
    expect(running.flags.banner).toMatchObject({
      rules: [["experiment-test", "", { experiment: "test", ends: [2 ** 31, 2 ** 32] }]],
    });

    const stale = await refusal(stopExperiment(database, owner, { ...experiment, expectedRevision: 1 }));
    expect(stale.code).toBe("CONFLICT");
    await stopExperiment(database, owner, { ...experiment, expectedRevision: 2 });
    expect((await newestRuleset()).flags.banner).not.toHaveProperty("rules");
    expect((await getExperiment(database, owner, experiment)).status).toBe("ended");
  });

  it("need primary metrics and arms that exist", async () => {
    const error = await refusal(
      createExperiment(database, owner, {
        ...plan,
        key: "bad",
        arms: [
          { variant: "x", parts: 1 },
          { variant: "on", parts: 99_999 },
        ],
        metrics: [{ key: "purchase", role: "secondary" }],
      }),
    );
    expect(error.code).toBe("INVALID");
    expect(error.message).toContain('"x" is not a variant');
  });
});
