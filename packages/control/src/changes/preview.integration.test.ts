import { afterAll, beforeAll, expect, it } from "vitest";
import { addPeople, addPerson, draft, openShop, type People, refusal, system, type TestShop } from "../fixtures.ts";
import {
  createFlag,
  createMetric,
  getFlag,
  previewCommands,
  saveSegment,
  setEnvironmentPolicy,
  setMemberRole,
  startExperiment,
  updateFlag,
} from "../index.ts";
import type { CommandList } from "./state.ts";

const organisation = "demo";
const project = "demo/shop";
let shop: TestShop;
let people: People;

beforeAll(async () => {
  shop = await openShop();
  people = await addPeople(shop);
  for (const key of ["banner", "sale"]) {
    await createFlag(shop.database, system, { project, key, name: key, type: "boolean" });
  }
  const definition = { included: ["ana"], excluded: [], rules: [] };
  await saveSegment(shop.database, system, { project, key: "crew", name: "Crew", expectedRevision: null, definition });
  const when = [{ op: "inSegment" as const, segments: ["crew"] }];
  const rule = { id: "r1", when, serve: { variant: "on" } };
  const at = { project, flag: "sale", environment: "production" };
  await updateFlag(shop.database, system, { ...at, instructions: [{ kind: "addRule", rule, before: null }] });
});
afterAll(() => shop?.close());

const turnOn = (environment = "production") => ({
  name: "flag.update",
  input: { project, flag: "banner", environment, instructions: [{ kind: "turnOn" }] },
});

async function countAll() {
  const { database } = shop;
  return Promise.all([
    database.auditEvent.count(),
    database.flagRevision.count(),
    database.rulesetVersion.count(),
    database.outbox.count(),
  ]);
}

it("tells what commands would do and whom they would reach, and leaves nothing behind", async () => {
  const { database } = shop;
  const before = await countAll();
  const addBen = { kind: "addIds", list: "included", ids: ["ben"] };
  const commands: CommandList = [
    turnOn(),
    { name: "segment.update", input: { project, key: "crew", instructions: [addBen] } },
    {
      name: "metric.create",
      input: { project, key: "m", name: "M", definition: { kind: "conversion", source: { event: "buy" } } },
    },
  ];
  const told = await previewCommands(database, people.owner, { project, commands });
  expect(told.lines.map(({ object, objectKey, environment }) => [object, objectKey, environment])).toEqual([
    ["flag", "banner", "production"],
    ["segment", "crew", null],
    ["metric", "m", null],
  ]);
  expect(told.lines[0]).toMatchObject({ sentence: "Turned on.", detail: { instructions: [{ kind: "turnOn" }] } });
  // A metric that was created stays.
  expect(told).toMatchObject({ isReversible: false, needs: null, refusal: null });
  const reached = new Map(told.affected.map(({ environment, flags }) => [environment, flags]));
  expect(reached.get("production")).toEqual(["banner", "sale"]);
  for (const [environment, flags] of reached) if (environment !== "production") expect(flags).not.toContain("banner");
  expect(await countAll()).toEqual(before);
  const { environments } = await getFlag(database, people.owner, { project, flag: "banner" });
  expect(environments.every(({ config }) => !config.on)).toBe(true);
});

it("reaches the flags behind prerequisites, with the experiments on them, and all of what is archived", async () => {
  const { database } = shop;
  const reachedBy = async (command: CommandList[number]) => {
    const told = await previewCommands(database, people.owner, { project, commands: [command] });
    return Object.fromEntries(told.affected.map(({ environment, ...rest }) => [environment, rest]));
  };
  await createMetric(database, system, {
    project,
    key: "bought",
    name: "Bought",
    definition: { kind: "conversion", source: { event: "buy" } },
  });
  const metrics = [{ key: "bought", role: "primary" as const }];
  const { experiment } = await draft(database, "checkout", { metrics, plannedUnits: 10_000 });
  await startExperiment(database, system, { project, experiment, expectedRevision: 1 });
  for (const [key, on] of [
    ["sale", "banner"],
    ["checkout", "sale"],
  ] as const) {
    const prerequisite = { flag: on, variants: ["on"] };
    const at = { project, flag: key, environment: "production" };
    await updateFlag(database, system, {
      ...at,
      instructions: [{ kind: "setPrerequisites", prerequisites: [prerequisite] }],
    });
  }
  const all = ["banner", "checkout", "sale"];
  expect(await reachedBy(turnOn())).toEqual({
    production: { project: "shop", flags: all, experiments: ["checkout"] },
  });
  expect((await reachedBy(turnOn("development"))).development?.flags).toEqual(["banner"]);
  const addBen = { kind: "addIds", list: "included", ids: ["ben"] };
  const bySegment = { name: "segment.update", input: { project, key: "crew", instructions: [addBen] } };
  expect((await reachedBy(bySegment)).production?.flags).toEqual(["checkout", "sale"]);
  const archived = await reachedBy({ name: "environment.archive", input: { project, environment: "development" } });
  expect(archived).toEqual({ development: { project: "shop", flags: all, experiments: [] } });
});

it("tells what policies ask for and whether one may publish, instead of refusing", async () => {
  const { database } = shop;
  const at = { project, environment: "production" };
  await setEnvironmentPolicy(database, people.owner, { ...at, policy: { approvals: [{ count: 1 }] } });
  const told = await previewCommands(database, people.owner, { project, commands: [turnOn()] });
  expect(told).toMatchObject({ isReversible: true, refusal: null });
  expect(told.needs).toMatch(/one approval/);
  const editor = await addPerson(shop, "editor");
  await setMemberRole(database, system, { organisation, userId: editor.userId, role: "editor" });
  const own = await previewCommands(database, editor, { project, commands: [turnOn()] });
  expect(own.refusal).toMatch(/publish/);
  const viewing = previewCommands(database, people.viewer, { project, commands: [turnOn()] });
  expect((await refusal(viewing)).code).toBe("FORBIDDEN");
  const strange = previewCommands(database, people.stranger, { project, commands: [turnOn()] });
  expect((await refusal(strange)).code).toBe("NOT_FOUND");
});
