import type { Database } from "@telltale/db";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addPeople, draft, openShop, type People, refusal, system, type TestShop } from "../fixtures.ts";
import {
  applyChange,
  configureExperiment,
  createMetric,
  getExperiment,
  proposeChange,
  revertChange,
  startExperiment,
} from "../index.ts";

const project = "demo/shop";
let shop: TestShop;
let database: Database;
let people: People;
beforeAll(async () => {
  shop = await openShop();
  database = shop.database;
  people = await addPeople(shop);
  for (const key of ["a", "b", "c", "d"]) {
    const definition = { kind: "conversion" as const, source: { event: key } };
    await createMetric(database, system, { project, key, name: key.toUpperCase(), definition });
  }
});
afterAll(() => shop?.close());

type Parts = Partial<Parameters<typeof configureExperiment>[2]>;
const primary = (key: string) => ({ key, role: "primary" as const });
const secondary = (key: string) => ({ key, role: "secondary" as const });

let drafts = 0;
/** A draft that reads `a` first and `b` second, at revision 1. */
async function plan() {
  drafts += 1;
  const at = await draft(database, `draft-${drafts}`, { metrics: [primary("a"), secondary("b")] });
  const read = () => getExperiment(database, people.viewer, at);
  return {
    at,
    read,
    configure: (parts: Parts, expectedRevision = 1) =>
      configureExperiment(database, people.owner, { ...at, expectedRevision, ...parts }),
    chosen: async () => (await read()).metrics.map(({ key, role }) => `${key} ${role}`),
  };
}

describe("an edit of a plan that somebody else has changed meanwhile", () => {
  it("is put on top where it changed other parts, other metrics and other settings", async () => {
    const { at, configure, read, chosen } = await plan();
    await configure({
      hypothesis: "Theirs.",
      settings: { alpha: 0.01 },
      metrics: [primary("a"), secondary("b"), secondary("c")],
    });
    const mine = { metrics: [primary("a"), primary("d"), secondary("b")], settings: { power: 0.9 }, plannedUnits: 900 };
    expect(await configure(mine)).toEqual({ key: at.experiment, revision: 3, onTopOf: 2 });
    expect(await chosen()).toEqual(["a primary", "d primary", "b secondary", "c secondary"]);
    expect(await read()).toMatchObject({
      hypothesis: "Theirs.",
      ownSettings: { alpha: 0.01, power: 0.9 },
      plannedUnits: 900,
    });
  });

  it("is put on top of several edits, of none that says the same", async () => {
    const { configure, read } = await plan();
    await configure({ hypothesis: "One." }, 1);
    await configure({ plannedUnits: 900 }, 2);
    expect(await configure({ settings: { looks: 3 } }, 1)).toMatchObject({ revision: 4, onTopOf: 3 });
    expect(await configure({ plannedUnits: 900 }, 2)).toMatchObject({ revision: 4, onTopOf: 4 });
    expect(await read()).toMatchObject({ hypothesis: "One.", plannedUnits: 900, ownSettings: { looks: 3 } });
  });

  it("is refused where both changed the same, and names it", async () => {
    const { configure, read } = await plan();
    await configure({ metrics: [primary("a"), { ...secondary("b"), minimumEffect: 0.1 }], settings: { alpha: 0.01 } });
    const mine = { metrics: [primary("a"), primary("b")], settings: { alpha: 0.02 }, hypothesis: "Mine." };
    const error = await refusal(configure(mine));
    expect(error).toMatchObject({
      code: "CONFLICT",
      detail: {
        revision: 2,
        conflicts: [
          { part: "metric", metric: "b" },
          { part: "setting", setting: "alpha" },
        ],
      },
    });
    expect(error.message).toContain("Both of you changed: metric b, error level.");
    expect(await read()).toMatchObject({ hypothesis: "", revision: 2 });
    expect(await refusal(configure({ hypothesis: "Mine." }, 9))).toMatchObject({ code: "CONFLICT" });
  });

  it("is refused where both together are no plan", async () => {
    const { configure } = await plan();
    await configure({ plannedUnits: 900 });
    await configure({ plannedUnits: null }, 2);
    expect(await refusal(configure({ settings: { method: "fixed" } }, 2))).toMatchObject({ code: "INVALID" });
    const twice = configure({ metrics: [primary("a"), secondary("a")] }, 1);
    expect((await refusal(twice)).message).toBe('Choose the metric "a" once.');
  });

  it("comes one after the other when many come at once", async () => {
    const { configure, read } = await plan();
    const edits: Parts[] = [{ hypothesis: "Many." }, { plannedUnits: 700 }, { settings: { looks: 4 } }];
    await Promise.all(edits.map((edit) => configure(edit)));
    expect(await read()).toMatchObject({
      revision: 4,
      hypothesis: "Many.",
      plannedUnits: 700,
      ownSettings: { looks: 4 },
    });
  });

  it("is refused once the experiment has started", async () => {
    const { at, configure } = await plan();
    await startExperiment(database, people.owner, { ...at, expectedRevision: 1 });
    expect(await refusal(configure({ hypothesis: "Late." }))).toMatchObject({ code: "INVALID" });
  });

  it("is refused where a release without bases wrote the newer revision", async () => {
    const { at, configure } = await plan();
    await database.experiment.updateMany({ where: { key: at.experiment }, data: { revision: 2, hypothesis: "Old." } });
    expect(await refusal(configure({ plannedUnits: 900 }))).toMatchObject({ code: "CONFLICT" });
    expect(await configure({ plannedUnits: 900 }, 2)).toEqual({ key: at.experiment, revision: 3 });
  });
});

describe("a plan's change that is taken back", () => {
  it("leaves what others did since", async () => {
    const { at, configure, read, chosen } = await plan();
    const input = { ...at, expectedRevision: 1, metrics: [primary("a"), primary("c")], settings: { alpha: 0.01 } };
    const commands = [{ name: "experiment.configure", input }];
    const { change } = await proposeChange(database, people.owner, { project, title: "Plan", commands });
    await applyChange(database, people.owner, { project, change });
    await configure({ hypothesis: "Later.", settings: { alpha: 0.01, looks: 3 } }, 2);
    const revert = await revertChange(database, people.owner, { project, change });
    await applyChange(database, people.owner, { project, change: revert.change });
    expect(await chosen()).toEqual(["a primary", "b secondary"]);
    expect(await read()).toMatchObject({ hypothesis: "Later.", ownSettings: { looks: 3 }, revision: 4 });
  });
});
