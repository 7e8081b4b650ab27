import { defaultSettings } from "@telltale/analysis";
import type { Database } from "@telltale/db";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addPeople, audited, draft, openShop, type People, refusal, system, type TestShop } from "../fixtures.ts";
import {
  analysisOrder,
  configureExperiment,
  createMetric,
  getExperiment,
  listAudit,
  noteExperiment,
  setStatistics,
  startExperiment,
  stopExperiment,
  updateMetric,
} from "../index.ts";

const project = "demo/shop";
const metrics = [
  { key: "bought", role: "primary" as const },
  { key: "revenue", role: "guardrail" as const, margin: 0.02 },
];
let shop: TestShop;
let database: Database;
let people: People;
beforeAll(async () => {
  shop = await openShop();
  database = shop.database;
  people = await addPeople(shop);
  await createMetric(database, system, {
    project,
    key: "bought",
    name: "Bought",
    definition: { kind: "conversion", source: { event: "purchase" } },
  });
  const definition = { kind: "sum" as const, source: { event: "purchase" }, property: "amount" };
  await createMetric(database, system, { project, key: "revenue", name: "Revenue", definition, minimumEffect: 0.05 });
  for (const key of ["a", "b", "c", "d", "e"]) {
    await createMetric(database, system, {
      project,
      key,
      name: key.toUpperCase(),
      definition: { kind: "conversion", source: { event: key } },
    });
  }
});
afterAll(() => shop?.close());

const get = (experiment: string) => getExperiment(database, people.viewer, { project, experiment });
const start = async (experiment: string) =>
  startExperiment(database, people.owner, { project, experiment, expectedRevision: (await get(experiment)).revision });
const statistics = async (parts: Partial<typeof defaultSettings>) => {
  const { settingsRevision: expectedRevision } = await database.organisation.findUniqueOrThrow({
    where: { key: "demo" },
  });
  const settings = { ...defaultSettings, ...parts };
  return setStatistics(database, people.owner, { organisation: "demo", settings, expectedRevision });
};
const primaries = (...keys: string[]) => keys.map((key) => ({ key, role: "primary" as const }));

describe("how results will be read", () => {
  it("takes one to five primary metrics, each once", async () => {
    const five = await draft(database, "five", { metrics: primaries("a", "b", "c", "d", "e") });
    expect((await get(five.experiment)).metrics.map(({ key, role }) => [key, role])).toEqual(
      ["a", "b", "c", "d", "e"].map((key) => [key, "primary"]),
    );
    const six = draft(database, "six", { metrics: primaries("a", "b", "c", "d", "e", "bought") });
    expect((await refusal(six)).message).toBe("Choose one to five primary metrics: they decide.");
    const none = draft(database, "none", { metrics: [{ key: "a", role: "secondary" }] });
    expect((await refusal(none)).code).toBe("INVALID");
    const twice = draft(database, "twice", { metrics: [...primaries("a"), { key: "a", role: "guardrail" }] });
    expect((await refusal(twice)).message).toBe('Choose the metric "a" once.');
    const gone = draft(database, "gone", { metrics: primaries("a", "nowhere") });
    expect((await refusal(gone)).message).toBe('There is no metric "nowhere".');
  });

  it("needs a size where the method asks for one, when it is planned and when it starts", async () => {
    const settings = { method: "fixed" as const };
    const error = await refusal(draft(database, "sizeless", { metrics: primaries("a"), settings }));
    expect(error.code).toBe("INVALID");
    await draft(database, "sized", { metrics: primaries("a"), settings, plannedUnits: 1_000 });
    expect(await get("sized")).toMatchObject({ plannedUnits: 1_000, settings: { method: "fixed" } });
    await draft(database, "later", { metrics: primaries("a") });
    await statistics({ method: "group" });
    expect((await refusal(start("later"))).code).toBe("INVALID");
    expect((await get("later")).status).toBe("draft");
    await statistics({});
  });

  it("refuses a margin of all of a share", async () => {
    const metrics = [
      { key: "revenue", role: "primary" as const },
      { key: "a", role: "guardrail" as const, margin: 1 },
    ];
    const error = await refusal(draft(database, "all", { metrics }));
    expect(error.message).toMatch(/cannot fall by more than 100 %/);
  });

  it("refuses bounds that make no sense", async () => {
    const bad = [{ key: "a", role: "primary" as const, minimumEffect: -1, margin: 3 }];
    const error = await refusal(draft(database, "bounds", { metrics: bad, plannedUnits: 1, settings: { alpha: 2 } }));
    expect(error.code).toBe("INVALID");
    expect(error.message).toMatch(/effect that matters is above 0.*fraction.*settings.alpha.*at least two units/);
  });
});

describe("a draft", () => {
  const configure = (parts: Partial<Parameters<typeof configureExperiment>[2]>, actor = people.owner) =>
    configureExperiment(database, actor, { project, experiment: "draft", expectedRevision: 1, ...parts });

  it("is configured by owners, and every change is told", async () => {
    await draft(database, "draft", { metrics });
    expect((await refusal(configure({ plannedUnits: 5_000 }, people.viewer))).code).toBe("FORBIDDEN");
    const done = await configure({
      hypothesis: "Because.",
      plannedUnits: 5_000,
      settings: { alpha: 0.01 },
      metrics: [
        { key: "a", role: "primary", minimumEffect: 0.03 },
        { key: "revenue", role: "secondary" },
      ],
    });
    expect(done).toEqual({ key: "draft", revision: 2 });
    expect(await audited(database, 1)).toEqual([
      'experiment draft: Plan changed: Hypothesis: "" → "Because."; metric bought removed (primary);' +
        " metric a added: primary, effect 3 %; metric revenue: guardrail, margin 2 % → secondary;" +
        " error level: 0.05 as the organisation's → 0.01; planned units: none → 5000; order of metrics: bought, revenue → a, revenue.",
    ]);
    const { metrics: chosen, settings, ownSettings, plannedUnits, hypothesis, isFrozen } = await get("draft");
    expect(chosen.map(({ key, role, minimumEffect, own }) => [key, role, minimumEffect, own])).toEqual([
      ["a", "primary", 0.03, { minimumEffect: 0.03, margin: null, absoluteMargin: null }],
      ["revenue", "secondary", 0.05, { minimumEffect: null, margin: null, absoluteMargin: null }],
    ]);
    expect({ ownSettings, plannedUnits, hypothesis, isFrozen }).toEqual({
      ownSettings: { alpha: 0.01 },
      plannedUnits: 5_000,
      hypothesis: "Because.",
      isFrozen: false,
    });
    expect(settings).toEqual({ ...defaultSettings, alpha: 0.01 });
  });

  it("keeps what is not named, and writes nothing when nothing changed", async () => {
    expect(await configure({ expectedRevision: 2, plannedUnits: 5_000 })).toEqual({ key: "draft", revision: 2 });
    await configure({ expectedRevision: 2, plannedUnits: null });
    expect(await get("draft")).toMatchObject({
      plannedUnits: null,
      ownSettings: { alpha: 0.01 },
      hypothesis: "Because.",
    });
  });

  it("may pin settings that are the organisation's today", async () => {
    await configure({ expectedRevision: 3, settings: { alpha: 0.01, power: 0.8 } });
    expect(await audited(database, 1)).toEqual([
      "experiment draft: Plan changed: Power: 0.8 as the organisation's → 0.8.",
    ]);
    await statistics({ power: 0.9, looks: 4 });
    expect((await get("draft")).settings).toMatchObject({ power: 0.8, looks: 4 });
    await statistics({});
  });

  it("is refused what cannot be, and on top of what was not seen", async () => {
    expect((await refusal(configure({ expectedRevision: 4, metrics: [] }))).message).toContain(
      "Choose a primary metric",
    );
    expect(await refusal(configure({ hypothesis: "Otherwise." }))).toMatchObject({
      code: "CONFLICT",
      detail: { revision: 4, conflicts: [{ part: "hypothesis" }] },
    });
    const both = [10, 20].map((plannedUnits) => configure({ expectedRevision: 4, plannedUnits }));
    const results = await Promise.allSettled(both);
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(results.find(({ status }) => status === "rejected")).toMatchObject({ reason: { code: "CONFLICT" } });
  });
});

describe("a started experiment", () => {
  const order = async (experiment: string) => {
    const { id } = await database.experiment.findFirstOrThrow({ where: { key: experiment } });
    return analysisOrder(database, id);
  };

  const environmentId = async () =>
    (await database.environment.findFirstOrThrow({ where: { key: "production", project: { key: "shop" } } })).id;

  it("keeps the plan it started with, whatever is edited, and names what was", async () => {
    await draft(database, "frozen", { metrics, settings: { minimumUnits: 10, sides: "one" }, plannedUnits: 900 });
    expect(await order("frozen")).toBeNull();
    await start("frozen");
    const before = await order("frozen");
    expect(before).toMatchObject({
      key: "frozen",
      environmentId: await environmentId(),
      status: "running",
      to: null,
      editedSince: [],
      plan: {
        arms: [
          { variant: "off", parts: 50_000 },
          { variant: "on", parts: 50_000 },
        ],
        unit: "targetingKey",
        plannedUnits: 900,
        settings: { ...defaultSettings, minimumUnits: 10, sides: "one" },
        metrics: [
          { key: "bought", role: "primary", minimumEffect: null, margin: 0, definition: { kind: "conversion" } },
          { key: "revenue", role: "guardrail", minimumEffect: 0.05, margin: 0.02, definition: { kind: "sum" } },
        ],
      },
    });
    await statistics({ alpha: 0.2 });
    const definition = { kind: "count" as const, source: { event: "refund" } };
    await updateMetric(database, system, {
      project,
      metric: "revenue",
      instructions: [{ kind: "setDefinition", definition }],
    });
    await updateMetric(database, system, {
      project,
      metric: "bought",
      instructions: [{ kind: "setName", name: "Has bought" }],
    });
    const after = await order("frozen");
    expect(after?.plan).toEqual(before?.plan);
    // A new name changes no number: only the definition counts as edited.
    expect(after?.editedSince).toEqual(["Revenue"]);
    const { metrics: shown, settings, isFrozen, editedSince } = await get("frozen");
    expect(shown.map(({ name, kind }) => [name, kind])).toEqual([
      ["Bought", "conversion"],
      ["Revenue", "sum"],
    ]);
    expect({ alpha: settings.alpha, isFrozen, editedSince }).toEqual({
      alpha: 0.05,
      isFrozen: true,
      editedSince: ["Revenue"],
    });
    await statistics({});
  });

  it("is not configured any more, and says why", async () => {
    const configure = async () =>
      configureExperiment(database, people.owner, {
        project,
        experiment: "frozen",
        plannedUnits: 1_000,
        expectedRevision: (await get("frozen")).revision,
      });
    expect((await refusal(configure())).message).toBe(
      "The experiment is running: results read under rules that were changed midway are not valid. Stop it and start a new one.",
    );
    const { revision: expectedRevision } = await get("frozen");
    await stopExperiment(database, system, { project, experiment: "frozen", expectedRevision });
    expect((await refusal(configure())).message).toMatch(/has ended: .*Plan a new one\.$/);
  });

  it("has a plan that not even SQL changes", async () => {
    const change = database.experiment.updateMany({ where: { key: "frozen" }, data: { plan: {} } });
    await expect(change).rejects.toThrow("the plan of experiment frozen is frozen");
  });

  it("of an older release is read by the present rows, until they are about to change", async () => {
    await draft(database, "older", { metrics: primaries("a", "b") });
    await start("older");
    await database.$executeRaw`alter table experiment disable trigger experiment_plan_frozen`;
    await database.$executeRaw`update experiment set plan = null where key = 'older'`;
    await database.$executeRaw`alter table experiment enable trigger experiment_plan_frozen`;
    const before = await order("older");
    expect(before).toMatchObject({ plan: { metrics: [{ key: "a" }, { key: "b" }] }, editedSince: [] });
    expect((await get("older")).isFrozen).toBe(false);
    await updateMetric(database, system, {
      project,
      metric: "a",
      instructions: [{ kind: "setDirection", direction: "decrease" }],
    });
    const after = await order("older");
    expect(after).toEqual({ ...before, editedSince: ["A"] });
  });
});

describe("an experiment's log", () => {
  it("holds its own entries and the notes of those who may change it", async () => {
    await draft(database, "logged", { metrics: primaries("a") });
    await draft(database, "other", { metrics: primaries("a") });
    const note = (text: string, who = people.owner) =>
      noteExperiment(database, who, { project, experiment: "logged", note: text });
    await note("  We wait for the weekend.  ");
    expect((await refusal(note("   "))).message).toBe("note: Write something first.");
    expect((await refusal(note("x".repeat(2_001)))).message).toMatch(/at most 2,000/);
    expect((await refusal(note("Mine.", people.viewer))).code).toBe("FORBIDDEN");
    const of = { object: "experiment", key: "logged" };
    const { items } = await listAudit(database, people.viewer, { project, of });
    expect(items.map(({ action, comment }) => [action, comment])).toEqual([
      ["note", "We wait for the weekend."],
      ["create", ""],
    ]);
  });
});
