import type { MetricDefinition, MetricInstruction } from "@telltale/configuration";
import type { Database } from "@telltale/db";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addPeople, audited, draft, openShop, type People, refusal, system, type TestShop } from "../fixtures.ts";
import {
  applyChange,
  createMetric,
  getMetric,
  metricHistory,
  proposeChange,
  revertChange,
  revertMetric,
  startExperiment,
  updateMetric,
} from "../index.ts";

const project = "demo/shop";
const capped: MetricDefinition = {
  kind: "sum",
  source: { event: "purchase", where: [] },
  property: "amount",
  cap: { level: 0.999, includeZeros: false },
};
const plain: MetricDefinition = { kind: "sum", source: { event: "order", where: [] } };
const rename = (name: string): MetricInstruction => ({ kind: "setName", name });
const setMargin = (margin: number): MetricInstruction => ({ kind: "setMargin", margin });

let shop: TestShop;
let database: Database;
let people: People;
beforeAll(async () => {
  shop = await openShop();
  database = shop.database;
  people = await addPeople(shop);
});
afterAll(() => shop?.close());

let made = 0;
/** A new metric, at revision 1. */
async function metric() {
  made += 1;
  const key = `metric-${made}`;
  await createMetric(database, people.owner, { project, key, name: "Sum", definition: capped });
  const at = { project, metric: key };
  return {
    at,
    update: (instructions: MetricInstruction[], expectedRevision?: number, actor = people.owner) =>
      updateMetric(database, actor, { ...at, instructions, expectedRevision }),
    revert: (toRevision: number, expectedRevision: number, actor = people.owner) =>
      revertMetric(database, actor, { ...at, toRevision, expectedRevision }),
    read: () => getMetric(database, people.viewer, at),
    history: () => metricHistory(database, people.viewer, at),
  };
}

describe("an edit of a metric", () => {
  it("needs an owner, and is told field by field in answer, history and audit trail", async () => {
    const { at, update, read, history } = await metric();
    expect((await refusal(update([rename("Other")], 1, people.viewer))).code).toBe("FORBIDDEN");
    const gone = updateMetric(database, people.owner, { ...at, metric: "gone", instructions: [rename("Other")] });
    expect((await refusal(gone)).code).toBe("NOT_FOUND");
    const sentence =
      'Name: "Sum" → "Money"; definition: sum of amount over "purchase", capped at the 99.9 % quantile of those above 0' +
      ' → sum of the value over "order"; better when it goes: increase → decrease; smallest effect that matters: none → 10 %.';
    const instructions: MetricInstruction[] = [
      rename("Money"),
      { kind: "setDefinition", definition: plain },
      { kind: "setDirection", direction: "decrease" },
      { kind: "setMinimumEffect", minimumEffect: 0.1 },
    ];
    expect(await update(instructions, 1)).toEqual({ key: at.metric, revision: 2, sentence, running: 0 });
    expect(await audited(database, 1)).toEqual([`metric ${at.metric}: ${sentence}`]);
    const { detail } = await database.auditEvent.findFirstOrThrow({ where: { sentence }, orderBy: { id: "desc" } });
    expect(detail).toMatchObject({
      revision: 2,
      before: { definition: capped },
      after: { name: "Money" },
      instructions,
    });
    expect(await read()).toMatchObject({
      name: "Money",
      description: "",
      definition: plain,
      margin: 0,
      revision: 2,
      eventName: "order",
      format: { style: "number", unit: "" },
    });
    expect(await history()).toMatchObject([
      { revision: 2, sentence, actorName: "owner", name: "Money", definition: plain, format: null },
      { revision: 1, sentence: expect.stringMatching(/^Created: sum/), name: "Sum", definition: capped },
    ]);
  });

  it("writes nothing when nothing changed, and can take an effect away", async () => {
    const { update } = await metric();
    await update([{ kind: "setMinimumEffect", minimumEffect: 0.1 }]);
    const before = await audited(database, 1);
    expect(await update([rename("Sum")], 2)).toMatchObject({ revision: 2, sentence: "Nothing changed." });
    expect(await audited(database, 1)).toEqual(before);
    const { sentence } = await update([{ kind: "setMinimumEffect", minimumEffect: null }], 2);
    expect(sentence).toBe("Smallest effect that matters: 10 % → none.");
  });

  it("says how many running experiments keep what they started with", async () => {
    const { at, update, read } = await metric();
    for (const key of ["one", "two"]) {
      const address = await draft(database, key, { metrics: [{ key: at.metric, role: "primary" }] });
      await startExperiment(database, system, { ...address, expectedRevision: 1 });
    }
    const { sentence, running } = await update([setMargin(0.01)], 1);
    expect(running).toBe(2);
    expect(sentence).toBe("Margin: 0 % → 1 %. 2 running experiments keep what they started with.");
    expect((await read()).experiments).toEqual([
      { key: "two", name: "two", status: "running", role: "primary" },
      { key: "one", name: "one", status: "running", role: "primary" },
    ]);
  });
});

describe("an edit of a metric that somebody else has changed meanwhile", () => {
  it("is put on top where other fields changed", async () => {
    const { update, read } = await metric();
    await update([rename("Theirs")], 1);
    expect(await update([setMargin(0.01)], 1)).toMatchObject({
      revision: 3,
      onTopOf: 2,
    });
    expect(await update([rename("Theirs")], 1)).toMatchObject({ revision: 3, onTopOf: 3 });
    expect(await read()).toMatchObject({ name: "Theirs", margin: 0.01, revision: 3 });
  });

  it("is refused where both changed the same field, and names it", async () => {
    const { update, read } = await metric();
    await update([rename("Theirs"), setMargin(0.02)], 1);
    const error = await refusal(update([rename("Mine"), setMargin(0.02)], 1));
    expect(error).toMatchObject({ code: "CONFLICT", detail: { revision: 2, conflicts: [{ field: "name" }] } });
    expect(await read()).toMatchObject({ name: "Theirs", revision: 2 });
    expect((await refusal(update([rename("Mine")], 9))).code).toBe("CONFLICT");
  });

  it("is refused where both together make a margin that guards nothing", async () => {
    const { update } = await metric();
    await update([setMargin(1)], 1);
    const counted: MetricDefinition = { kind: "count", source: { event: "order", where: [] } };
    expect((await refusal(update([{ kind: "setDefinition", definition: counted }], 1))).code).toBe("INVALID");
  });

  it("comes one after the other when many come at once", async () => {
    const { update, read } = await metric();
    const edits: MetricInstruction[] = [
      rename("Many"),
      setMargin(0.02),
      { kind: "setDescription", description: "x" },
      { kind: "setMinimumEffect", minimumEffect: 0.1 },
      { kind: "setAbsoluteMargin", absoluteMargin: 3 },
    ];
    await Promise.all(edits.map((edit) => update([edit], 1)));
    expect(await read()).toMatchObject({
      revision: 6,
      name: "Many",
      margin: 0.02,
      description: "x",
      minimumEffect: 0.1,
      absoluteMargin: 3,
    });
    const names = await Promise.allSettled(["a", "b", "c", "d"].map((name) => update([rename(name)], 6)));
    expect(names.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const one of names)
      expect(one).toMatchObject(one.status === "rejected" ? { reason: { code: "CONFLICT" } } : {});
  });
});

describe("an earlier revision of a metric", () => {
  it("is restored as a new one", async () => {
    const { update, revert, read } = await metric();
    await update([
      rename("Money"),
      { kind: "setDefinition", definition: plain },
      { kind: "setFormat", format: { style: "currency", unit: "EUR" } },
    ]);
    expect((await refusal(revert(1, 2, people.viewer))).code).toBe("FORBIDDEN");
    expect(await revert(1, 2)).toMatchObject({
      revision: 3,
      sentence: expect.stringMatching(/^Reverted to revision 1: Name: "Money" → "Sum"; definition: /),
    });
    expect(await read()).toMatchObject({
      name: "Sum",
      definition: capped,
      eventName: "purchase",
      format: { style: "number", unit: "" },
    });
    expect(await revert(3, 3)).toMatchObject({ revision: 3, sentence: "Nothing changed." });
    expect((await refusal(revert(99, 3))).code).toBe("NOT_FOUND");
  });

  it("cannot be rewritten, not even past the door", async () => {
    const { at } = await metric();
    const rewriting = database.metricRevision.updateMany({
      where: { metric: { key: at.metric } },
      data: { name: "x" },
    });
    await expect(rewriting).rejects.toThrow("immutable");
  });

  it("stays what it was in a change-set that is taken back, without what others did", async () => {
    const { at, update, read } = await metric();
    const commands = [
      { name: "metric.update", input: { ...at, instructions: [setMargin(0.05)], expectedRevision: 1 } },
    ];
    const { change } = await proposeChange(database, people.owner, { project, title: "Margin", commands });
    await update([rename("Theirs")], 1);
    await applyChange(database, people.owner, { project, change });
    await update([{ kind: "setDescription", description: "later" }], 3);
    const revert = await revertChange(database, people.owner, { project, change });
    await applyChange(database, people.owner, { project, change: revert.change });
    expect(await read()).toMatchObject({ margin: 0, name: "Theirs", description: "later", revision: 5 });
  });
});

describe("a metric that a release without histories wrote", () => {
  it("has what it is now as its history, keeps it before the next change, and takes stale edits", async () => {
    const { id: projectId } = await database.project.findFirstOrThrow({ where: { key: "shop" } });
    const at = { project, metric: "old" };
    await database.metric.create({
      data: {
        id: "old",
        projectId,
        key: "old",
        name: "Old",
        kind: "conversion",
        eventName: "signup",
        revision: 4,
      },
    });
    const definition = { kind: "conversion", source: { event: "signup", where: [] } };
    const sentence = "As it was before metrics had a history.";
    const was = { revision: 4, name: "Old", definition, format: null, sentence, actorName: "upgrade" };
    const history = () => metricHistory(database, people.viewer, at);
    expect(await history()).toMatchObject([was]);
    expect(await database.metricRevision.count({ where: { metricId: "old" } })).toBe(0);
    await updateMetric(database, people.owner, { ...at, instructions: [rename("New")], expectedRevision: 4 });
    await updateMetric(database, people.owner, { ...at, instructions: [setMargin(0.01)], expectedRevision: 4 });
    expect(await history()).toMatchObject([{ revision: 6, margin: 0.01 }, { revision: 5, name: "New" }, was]);
    await revertMetric(database, people.owner, { ...at, toRevision: 4, expectedRevision: 6 });
    expect(await getMetric(database, people.viewer, at)).toMatchObject({ name: "Old", margin: 0, definition });
  });

  it("is kept too where that release changes it once more", async () => {
    const { at, update, history } = await metric();
    await database.metric.updateMany({ where: { key: at.metric }, data: { name: "By the old one", revision: 2 } });
    expect(await history()).toMatchObject([
      { revision: 2, name: "By the old one" },
      { revision: 1, name: "Sum" },
    ]);
    await update([setMargin(0.01)], 1);
    expect((await history()).map(({ revision, name }) => [revision, name])).toEqual([
      [3, "By the old one"],
      [2, "By the old one"],
      [1, "Sum"],
    ]);
  });
});
