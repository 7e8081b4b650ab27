import { openRulesetReader } from "@telltale/ruleset/read";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addPeople, audited, draft, openShop, type People, refusal, system, type TestShop } from "../fixtures.ts";
import {
  archiveEnvironment,
  createEnvironment,
  createFlag,
  createKey,
  createMetric,
  getFlag,
  listFlags,
  listKeys,
  openProject,
  orderEnvironments,
  restoreEnvironment,
  startExperiment,
  switchFlag,
  updateEnvironment,
} from "../index.ts";
import { hashKey } from "../keys/keys.ts";

const project = "demo/shop";
let shop: TestShop;
let people: People;
beforeAll(async () => {
  shop = await openShop();
  people = await addPeople(shop);
  await createFlag(shop.database, system, { project, key: "banner", name: "Banner", type: "boolean" });
});
afterAll(() => shop?.close());

const keysOf = async () => (await openProject(shop.database, people.owner, project)).environments.map(({ key }) => key);
const flag = (key: string) => getFlag(shop.database, people.viewer, { project, flag: key });
const at = (environment: string) => ({ project, environment });

/** Whether an edge that starts now would serve the key. */
async function isServed(key: string): Promise<boolean> {
  const reader = await openRulesetReader({ databaseUrl: shop.url });
  try {
    const info = reader.keyByHash(hashKey(key));
    if (!info) return false;
    await reader.activate(info.environmentId, "server");
    return reader.current(info.environmentId, "server") !== undefined;
  } finally {
    await reader.close();
  }
}

describe("an environment", () => {
  it("is created as the last one, published, with every flag off in it", async () => {
    const made = await createEnvironment(shop.database, people.owner, { project, key: "staging", name: "Staging" });
    expect(made).toEqual({ key: "staging" });
    expect(await keysOf()).toEqual(["development", "production", "staging"]);
    const { environments } = await flag("banner");
    expect(environments.at(-1)).toMatchObject({ key: "staging", revision: 1, config: { on: false, off: "off" } });
    const { key } = await createKey(shop.database, system, { ...at("staging"), name: "S", audience: "server" });
    expect(await isServed(key)).toBe(true);
    const switched = await switchFlag(shop.database, people.owner, {
      ...at("staging"),
      flag: "banner",
      on: true,
      expectedRevision: 1,
    });
    expect(switched.revision).toBe(2);
    expect(await audited(shop.database, 3)).toContain(
      'environment staging: Created "Staging"; every flag is off in it.',
    );
  });

  it("has a key of its own within the project, also while another is archived", async () => {
    const again = createEnvironment(shop.database, people.owner, { project, key: "staging", name: "Again" });
    expect((await refusal(again)).code).toBe("EXISTS");
  });

  it("is renamed and said to be critical; a change that changes nothing writes nothing", async () => {
    const change = { ...at("staging"), name: "Stage", critical: true };
    expect(await updateEnvironment(shop.database, people.owner, change)).toMatchObject({
      sentence: 'Renamed from "Staging" to "Stage". Critical from now on.',
    });
    const lines = await shop.database.auditEvent.count();
    await updateEnvironment(shop.database, people.owner, change);
    expect(await shop.database.auditEvent.count()).toBe(lines);
    expect((await openProject(shop.database, people.viewer, project)).environments.at(-1)).toMatchObject({
      key: "staging",
      name: "Stage",
      critical: true,
    });
  });

  it("stands where it is put; each must be named once", async () => {
    const order = (...environments: string[]) =>
      orderEnvironments(shop.database, people.owner, { project, environments });
    await order("staging", "development", "production");
    expect(await keysOf()).toEqual(["staging", "development", "production"]);
    for (const wrong of [["staging"], ["staging", "staging", "production"], ["staging", "development", "gone"]]) {
      expect([wrong, (await refusal(order(...wrong))).code]).toEqual([wrong, "INVALID"]);
    }
  });

  it("that is archived is not there and not served, until it is restored, with what was made meanwhile", async () => {
    const { key } = await createKey(shop.database, system, { ...at("development"), name: "D", audience: "server" });
    expect(await isServed(key)).toBe(true);
    await archiveEnvironment(shop.database, people.owner, at("development"));
    expect(await isServed(key)).toBe(false);
    expect(await keysOf()).toEqual(["staging", "production"]);
    expect((await flag("banner")).environments.map((one) => one.key)).toEqual(["staging", "production"]);
    const [listed] = await listFlags(shop.database, people.viewer, { project });
    expect(Object.keys(listed?.environments ?? {}).sort()).toEqual(["production", "staging"]);
    const keys = await listKeys(shop.database, people.viewer, { project });
    expect(keys.map(({ environment }) => environment)).not.toContain("development");
    const change = { ...at("development"), flag: "banner", on: true, expectedRevision: 1 };
    expect((await refusal(switchFlag(shop.database, people.owner, change))).code).toBe("NOT_FOUND");

    await createFlag(shop.database, people.owner, { project, key: "younger", name: "Younger", type: "boolean" });
    await restoreEnvironment(shop.database, people.owner, at("development"));
    expect(await isServed(key)).toBe(true);
    expect((await flag("younger")).environments.map((one) => one.key)).toContain("development");
    expect(await audited(shop.database, 3)).toContain(
      'environment development: Restored "Development" with its keys. Flags made meanwhile are off in it: 1.',
    );
  });

  it("stays while experiments run in it, and while it is the last", async () => {
    const definition = { kind: "conversion" as const, source: { event: "purchase" } };
    await createMetric(shop.database, system, { project, key: "bought", name: "Bought", definition });
    const experiment = await draft(shop.database, "test", { metrics: [{ key: "bought", role: "primary" }] });
    await startExperiment(shop.database, system, { ...experiment, expectedRevision: 1 });
    const archive = (key: string) => archiveEnvironment(shop.database, people.owner, at(key));
    const refused = await refusal(archive("production"));
    expect([refused.code, refused.message]).toEqual(["INVALID", expect.stringContaining("test")]);
    await archive("staging");
    await archive("development");
    expect((await refusal(archive("production"))).code).toBe("INVALID");
    for (const key of ["staging", "development"]) {
      await restoreEnvironment(shop.database, people.owner, at(key));
    }
  });

  it("and a flag that are made at once know each other", async () => {
    const numbers = Array.from({ length: 8 }, (_, at) => at);
    await Promise.all(
      numbers.flatMap((number) => [
        createFlag(shop.database, system, { project, key: `f${number}`, name: "F", type: "boolean" }),
        createEnvironment(shop.database, system, { project, key: `e${number}`, name: "E" }),
      ]),
    );
    const all = (await keysOf()).length;
    const flags = await listFlags(shop.database, people.viewer, { project });
    expect(flags.map(({ key, environments }) => [key, Object.keys(environments).length])).toEqual(
      flags.map(({ key }) => [key, all]),
    );
  });

  it("is changed by those who may, and by nobody's member not even seen", async () => {
    const acts = [
      (who: People["owner"]) => createEnvironment(shop.database, who, { project, key: "more", name: "More" }),
      (who: People["owner"]) => updateEnvironment(shop.database, who, { ...at("staging"), name: "Other" }),
      (who: People["owner"]) => orderEnvironments(shop.database, who, { project, environments: [] }),
      (who: People["owner"]) => archiveEnvironment(shop.database, who, at("staging")),
      (who: People["owner"]) => restoreEnvironment(shop.database, who, at("staging")),
    ];
    for (const act of acts) {
      expect((await refusal(act(people.viewer))).code).toBe("FORBIDDEN");
      expect((await refusal(act(people.stranger))).code).toBe("NOT_FOUND");
    }
  });
});
