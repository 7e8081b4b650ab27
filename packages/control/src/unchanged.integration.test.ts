import { findUnstorable, isSame } from "@telltale/configuration";
import type { Database } from "@telltale/db";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addPeople, audited, openShop, system, type TestShop } from "./fixtures.ts";
import {
  configureFlag,
  createFlag,
  createKey,
  createMetric,
  flagHistory,
  getFlag,
  getMetric,
  getSegment,
  getStatistics,
  revertFlag,
  revokeKey,
  saveSegment,
  setStatistics,
  updateMetric,
} from "./index.ts";

const project = "demo/shop";
const at = { project, flag: "banner", environment: "production" };
const config = {
  on: true,
  off: "off",
  prerequisites: [],
  targets: [{ variant: "on", ids: ["ana", "li"] }],
  rules: [
    {
      id: "de",
      name: "Germany",
      when: [{ attribute: "country", op: "in" as const, values: ["DE", "AT", "CH", "LI"] }],
      serve: {
        split: {
          by: "targetingKey",
          salt: "banner/de",
          weights: [
            { variant: "on", parts: 30_000 },
            { variant: "off", parts: 70_000 },
          ],
        },
      },
    },
  ],
  serve: { variant: "off" },
};

let shop: TestShop;
let database: Database;
beforeAll(async () => {
  shop = await openShop([{ key: "production", name: "Production", critical: true }]);
  database = shop.database;
  await createFlag(database, system, { project, key: "banner", name: "Banner", type: "boolean" });
});
afterAll(() => shop.close());

const banner = async () => {
  const { environments } = await getFlag(database, system, { project, flag: "banner" });
  const [environment] = environments;
  if (!environment) throw new Error("It has an environment.");
  return environment;
};
/** All that a change leaves behind. */
const traces = async () => ({
  version: (await database.environment.findFirstOrThrow()).publishedVersion,
  audit: await database.auditEvent.count(),
  revisions: await database.flagRevision.count(),
  outbox: await database.outbox.count(),
});
/** That this leaves nothing behind. */
async function leavesNothing<T>(save: () => Promise<T>): Promise<T> {
  const before = await traces();
  const answer = await save();
  expect(await traces()).toEqual(before);
  return answer;
}

it("a value is the same after a jsonb column, which re-orders its members", async () => {
  const storable = fc.jsonValue({ stringUnit: "grapheme" }).filter((value) => findUnstorable(value) === undefined);
  const values = fc.sample(storable, 300);
  const rows = await database.$queryRaw<{ value: unknown }[]>`
    select value from jsonb_array_elements(${JSON.stringify(values)}::jsonb) with ordinality as row (value, at) order by at`;
  const texts = rows.map(({ value }) => JSON.stringify(value));
  expect(texts).not.toEqual(values.map((value) => JSON.stringify(value)));
  expect(rows.map(({ value }, at) => isSame(value, values[at]))).toEqual(values.map(() => true));
});

describe("a save that changes nothing, of what a jsonb column gave back", () => {
  it("of a flag writes nothing and says so", async () => {
    await configureFlag(database, system, { ...at, config, expectedRevision: 1 });
    const { config: stored, revision } = await banner();
    const [row] = await database.flagConfig.findMany();
    // The premise: PostgreSQL gives the members back in an order of its own.
    expect(JSON.stringify(row?.config)).not.toBe(JSON.stringify(config));
    expect(isSame(row?.config, config)).toBe(true);
    for (const same of [stored, config]) {
      const save = () => configureFlag(database, system, { ...at, config: same, expectedRevision: revision });
      expect(await leavesNothing(save)).toEqual({ revision, sentence: "Nothing changed." });
    }
    const revert = () => revertFlag(database, system, { ...at, expectedRevision: revision, toRevision: revision });
    expect(await leavesNothing(revert)).toEqual({ revision, sentence: "Nothing changed." });
  });

  it("of a flag may hold lists that say nothing", async () => {
    const { config: stored, revision } = await banner();
    const { prerequisites: _, ...without } = config;
    const idle = { ...without, targets: [...config.targets, { variant: "off", ids: [] }] };
    expect(stored.prerequisites).toEqual([]);
    const save = () => configureFlag(database, system, { ...at, config: idle, expectedRevision: revision });
    expect(await leavesNothing(save)).toEqual({ revision, sentence: "Nothing changed." });
  });

  it("of a segment writes nothing and says so", async () => {
    const definition = {
      included: ["ana"],
      excluded: [],
      rules: [[{ attribute: "country", op: "in" as const, values: ["DE"] }]],
    };
    const segment = { project, key: "crew", name: "Crew", description: "Staff" };
    const first = await saveSegment(database, system, { ...segment, definition, expectedRevision: null });
    expect(first).toMatchObject({ revision: 1, sentence: expect.stringContaining("Created") });
    const { definition: stored } = await getSegment(database, system, { project, key: "crew" });
    const [row] = await database.segment.findMany();
    expect(JSON.stringify(row?.definition)).not.toBe(JSON.stringify(definition));
    expect(isSame(row?.definition, definition)).toBe(true);
    for (const same of [stored, definition]) {
      const save = () => saveSegment(database, system, { ...segment, definition: same, expectedRevision: 1 });
      expect(await leavesNothing(save)).toEqual({ key: "crew", revision: 1, sentence: "Nothing changed." });
    }
  });

  it("of a metric writes nothing and says so", async () => {
    const source = { event: "purchase", where: [{ property: "plan", op: "in" as const, values: ["pro"] }] };
    const definition = { kind: "sum" as const, source, cap: { level: 0.99, includeZeros: true } };
    await createMetric(database, system, { project, key: "spend", name: "Spend", definition });
    const { name, definition: stored } = await getMetric(database, system, { project, metric: "spend" });
    for (const same of [stored, definition]) {
      const instructions = [
        { kind: "setName" as const, name },
        { kind: "setDefinition" as const, definition: same },
      ];
      const save = () => updateMetric(database, system, { project, metric: "spend", instructions });
      expect(await leavesNothing(save)).toMatchObject({ revision: 1, sentence: "Nothing changed." });
    }
  });

  it("of the settings writes nothing and says so", async () => {
    const { settings } = await getStatistics(database, system, { organisation: "demo" });
    const changed = { ...settings, prior: { mean: 0.01, sd: 0.2 } };
    const { owner } = await addPeople(shop);
    await setStatistics(database, owner, { organisation: "demo", settings: changed, expectedRevision: 1 });
    const save = () =>
      setStatistics(database, owner, {
        organisation: "demo",
        expectedRevision: 2,
        settings: { ...changed, prior: { sd: 0.2, mean: 0.01 } },
      });
    expect(await leavesNothing(save)).toMatchObject({ revision: 2, sentence: "Nothing changed." });
  });

  it("of a key that is revoked already writes nothing", async () => {
    const { id } = await createKey(database, system, { ...at, name: "Web", audience: "client" });
    await revokeKey(database, system, { project, id });
    await leavesNothing(() => revokeKey(database, system, { project, id }));
  });
});

describe("a save that changes one thing", () => {
  it("tells of that alone, in the answer, the history and the audit", async () => {
    const { config: stored, revision } = await banner();
    const rule = { id: "all", when: [], serve: { variant: "on" } };
    const next = { ...config, rules: [...config.rules, rule] };
    expect(stored.rules).toHaveLength(1);
    const { sentence } = await configureFlag(database, system, { ...at, config: next, expectedRevision: revision });
    expect(sentence).toBe("Rule 2 added: everyone → on.");
    const [newest] = await flagHistory(database, system, { project, flag: "banner" });
    expect(newest?.sentence).toBe(sentence);
    expect(await audited(database, 1)).toEqual([`flag banner: ${sentence}`]);
  });

  it("tells of it though its words are the same", async () => {
    const { config: stored, revision } = await banner();
    const when = [{ attribute: "country", op: "in" as const, values: ["DE", "AT", "CH", "LU"] }];
    const next = { ...stored, rules: stored.rules.map((rule) => (rule.id === "de" ? { ...rule, when } : rule)) };
    const done = await configureFlag(database, system, { ...at, config: next, expectedRevision: revision });
    expect(done).toMatchObject({ revision: revision + 1, sentence: expect.stringMatching(/^Rule 1: .*other values/) });

    const setEffect = (minimumEffect: number) => [{ kind: "setMinimumEffect" as const, minimumEffect }];
    const metric = { project, metric: "spend" };
    const tiny = await updateMetric(database, system, { ...metric, instructions: setEffect(1e-9) });
    expect(tiny.revision).toBe(2);
    const tinier = await updateMetric(database, system, { ...metric, instructions: setEffect(2e-9) });
    expect(tinier.revision).toBe(3);
  });

  it("of a segment's name publishes nothing to SDKs, as rulesets carry no names", async () => {
    const { name: _, ...segment } = await getSegment(database, system, { project, key: "crew" });
    const { version } = await traces();
    const renamed = await saveSegment(database, system, {
      project,
      key: "crew",
      name: "The crew",
      description: segment.description,
      definition: segment.definition,
      expectedRevision: segment.revision,
    });
    expect(renamed.revision).toBe(segment.revision + 1);
    expect((await traces()).version).toBe(version);
  });
});
