import { defaultSettings } from "@telltale/analysis";
import type { Database } from "@telltale/db";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addPeople, audited, draft, openShop, type People, refusal, system, type TestShop } from "../fixtures.ts";
import { createMetric, createProject, getExperiment, getStatistics, setStatistics, startExperiment } from "../index.ts";

const organisation = "demo";
let shop: TestShop;
let database: Database;
let people: People;
beforeAll(async () => {
  shop = await openShop();
  database = shop.database;
  people = await addPeople(shop);
  const environments = [{ key: "production", name: "Production" }];
  await createProject(database, system, { organisation: "demo", key: "blog", name: "Blog", environments });
  await createMetric(database, system, {
    project: "demo/shop",
    key: "bought",
    name: "Bought",
    definition: { kind: "conversion", source: { event: "purchase" } },
  });
});
afterAll(() => shop?.close());

const get = () => getStatistics(database, people.viewer, { organisation });
const set = (expectedRevision: number, parts: Partial<typeof defaultSettings>, actor = people.owner) =>
  setStatistics(database, actor, { organisation, expectedRevision, settings: { ...defaultSettings, ...parts } });

describe("an organisation's statistical settings", () => {
  it("begin as the product's, and a viewer looks at them", async () => {
    expect(await get()).toEqual({ settings: defaultSettings, defaults: defaultSettings, revision: 1 });
    const stranger = getStatistics(database, people.stranger, { organisation });
    expect((await refusal(stranger)).code).toBe("NOT_FOUND");
    expect((await refusal(getStatistics(database, system, { organisation: "gone" }))).code).toBe("NOT_FOUND");
  });

  it("are set by owners only, and told in the trail of every project", async () => {
    expect((await refusal(set(1, { alpha: 0.01 }, people.viewer))).code).toBe("FORBIDDEN");
    const done = await set(1, { alpha: 0.01, method: "group" });
    const sentence = "Statistical settings: method sequence → group; error level 0.05 → 0.01.";
    expect(done).toEqual({ revision: 2, sentence, running: 0 });
    expect(await get()).toMatchObject({ settings: { alpha: 0.01, method: "group" }, revision: 2 });
    for (const project of ["demo/shop", "demo/blog"]) {
      expect(await audited(database, 1, project)).toEqual([`organisation demo: ${sentence}`]);
    }
  });

  it("are kept as what differs from the product's", async () => {
    const row = await database.organisation.findUniqueOrThrow({ where: { key: organisation } });
    expect(row.settings).toEqual({ alpha: 0.01, method: "group" });
  });

  it("write nothing when nothing changed, and refuse what cannot be", async () => {
    const same = await set(2, { alpha: 0.01, method: "group" });
    expect(same).toMatchObject({ revision: 2, sentence: "Nothing changed." });
    const error = await refusal(set(2, { alpha: 0.9, looks: 1 }));
    expect(error.code).toBe("INVALID");
    expect(error.message).toMatch(/alpha: .*looks: /);
    expect((await get()).revision).toBe(2);
  });

  it("are refused on top of some that were not seen, and one of many at once wins", async () => {
    expect(await refusal(set(1, { power: 0.9 }))).toMatchObject({ code: "CONFLICT", detail: { revision: 2 } });
    // A connection for each: otherwise the first has written before the others begin.
    await Promise.all(Array.from({ length: 8 }, () => database.$queryRaw`select 1`));
    const powers = Array.from({ length: 8 }, (_, index) => 0.85 + index / 100);
    const all = await Promise.allSettled(powers.map((power) => set(2, { power })));
    expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const one of all) expect(one).toMatchObject(one.status === "rejected" ? { reason: { code: "CONFLICT" } } : {});
    expect((await get()).revision).toBe(3);
  });

  it("leave running experiments as they started, and say how many those are", async () => {
    const address = await draft(database, "one", { metrics: [{ key: "bought", role: "primary" }] });
    await startExperiment(database, system, { ...address, expectedRevision: 1 });
    const { settings } = await getExperiment(database, system, address);
    const { sentence } = await set(3, { power: 0.7 });
    expect(sentence).toMatch(/One running experiment keeps what it started with\.$/);
    expect((await getExperiment(database, system, address)).settings).toEqual(settings);
    expect((await get()).settings.power).toBe(0.7);
  });
});
