import type { MetricDefinition } from "@telltale/configuration";
import type { Database } from "@telltale/db";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addPeople, audited, draft, openShop, type People, refusal, system, type TestShop } from "../fixtures.ts";
import { createMetric, getMetric, listMetrics, startExperiment, updateMetric } from "../index.ts";

const project = "demo/shop";
const purchase = { event: "purchase", where: [] };
const definitions: MetricDefinition[] = [
  { kind: "conversion", source: purchase },
  { kind: "count", source: { event: "visit", where: [{ property: "length", op: "gte", values: [10] }] } },
  { kind: "sum", source: purchase, property: "amount", cap: { level: 0.999, includeZeros: false } },
  { kind: "mean", source: { event: "session", where: [] }, windowSeconds: 86_400 },
  {
    kind: "ratio",
    numerator: { ...purchase, aggregate: { of: "sum" } },
    denominator: { event: "visit", where: [], aggregate: { of: "count" } },
  },
  { kind: "retention", source: { event: "open", where: [] }, fromDay: 7, toDay: 13 },
  { kind: "quantile", source: { event: "load", where: [] }, level: 0.95, per: "event", includeZeros: true },
  { kind: "funnel", steps: [{ event: "visit", where: [] }, purchase], withinSeconds: 3_600 },
];

let shop: TestShop;
let database: Database;
let people: People;
beforeAll(async () => {
  shop = await openShop();
  database = shop.database;
  people = await addPeople(shop);
});
afterAll(() => shop?.close());

const get = (metric: string) => getMetric(database, people.viewer, { project, metric });

describe("metrics of every kind", () => {
  it("are created by owners, read by viewers, and told in the audit trail", async () => {
    for (const definition of definitions) {
      const key = definition.kind;
      await createMetric(database, people.owner, { project, key, name: key, definition });
      expect(await get(key)).toMatchObject({ key, kind: key, definition, revision: 1, experiments: [] });
    }
    expect((await listMetrics(database, people.viewer, { project })).map(({ key }) => key)).toEqual(
      definitions.map(({ kind }) => kind).sort(),
    );
    expect(await audited(database, 1)).toEqual(['metric funnel: Created: funnel "visit" → "purchase" within 1 h.']);
    const one = { project, key: "x", name: "x", definition: { kind: "conversion" as const, source: purchase } };
    expect((await refusal(createMetric(database, people.viewer, one))).code).toBe("FORBIDDEN");
    expect((await refusal(getMetric(database, people.stranger, { project, metric: "sum" }))).code).toBe("NOT_FOUND");
    expect((await refusal(get("gone"))).code).toBe("NOT_FOUND");
    expect((await refusal(createMetric(database, people.owner, { ...one, key: "sum" }))).code).toBe("EXISTS");
  });

  it("say in what their values are written, by their kind unless told", async () => {
    const format = { style: "currency" as const, unit: "EUR" };
    await createMetric(database, system, {
      ...{ project, key: "revenue", name: "Revenue", format, minimumEffect: 0.02, margin: 0.01 },
      definition: { kind: "sum", source: { event: "purchase" } },
    });
    expect(await get("revenue")).toMatchObject({ format, minimumEffect: 0.02, margin: 0.01, eventName: "purchase" });
    expect((await get("funnel")).format).toEqual({ style: "percent", unit: "" });
    expect((await get("count")).format).toEqual({ style: "number", unit: "" });
  });

  it("are refused with every problem, whoever calls", async () => {
    const error = await refusal(
      createMetric(database, system, {
        ...{ project, key: "bad", name: "Bad", minimumEffect: 0, margin: 2 },
        definition: { kind: "retention", source: { event: "" }, fromDay: 3, toDay: 1 },
      }),
    );
    expect(error.code).toBe("INVALID");
    expect(error.message).toMatch(/Name the track event.*effect that matters is above 0.*fraction: 0.02 for 2 %/);
    await expect(get("bad")).rejects.toThrow('There is no metric "bad"');
  });

  it("have no margin that nothing can break: a share cannot fall by more than all of it", async () => {
    const own = { project, name: "Free", definition: { kind: "conversion" as const, source: purchase } };
    const create = (key: string, more: object) => createMetric(database, system, { ...own, key, ...more });
    expect(await refusal(create("free", { margin: 1 }))).toMatchObject({ code: "INVALID" });
    await create("rises", { margin: 1, direction: "decrease" });
    await create("in-points", { margin: 1, absoluteMargin: 0.01 });
    await create("may-be-negative", { margin: 1, definition: { kind: "sum", source: purchase } });
    const turn = { project, metric: "rises", expectedRevision: 1, direction: "increase" as const };
    expect(await refusal(updateMetric(database, system, turn))).toMatchObject({ code: "INVALID" });
    await updateMetric(database, system, { ...turn, margin: 0.99 });
    expect(await get("rises")).toMatchObject({ direction: "increase", margin: 0.99 });
  });

  it("that an older release wrote are conversions on their event", async () => {
    const { id: projectId } = await database.project.findFirstOrThrow({ where: { key: "shop" } });
    const data = { id: "old", projectId, key: "old", name: "Old", kind: "conversion", eventName: "signup" } as const;
    await database.metric.create({ data });
    const definition = { kind: "conversion", source: { event: "signup", where: [] } };
    expect(await get("old")).toMatchObject({
      definition,
      format: { style: "percent", unit: "" },
      margin: 0,
      revision: 1,
    });
  });

  it("can be read by an older release, whatever their kind", async () => {
    const rows = await database.metric.findMany({
      where: { key: { in: ["ratio", "funnel"] } },
      orderBy: { key: "asc" },
    });
    expect(rows.map(({ kind, eventName }) => [kind, eventName])).toEqual([
      ["conversion", "visit"],
      ["conversion", "purchase"],
    ]);
  });
});

describe("an edit of a metric", () => {
  const update = (parts: Partial<Parameters<typeof updateMetric>[2]>, actor = people.owner) =>
    updateMetric(database, actor, { project, metric: "sum", expectedRevision: 1, ...parts });

  it("needs an owner, and says what changed", async () => {
    expect((await refusal(update({ name: "Other" }, people.viewer))).code).toBe("FORBIDDEN");
    expect((await refusal(update({ metric: "gone" }))).code).toBe("NOT_FOUND");
    const definition = { kind: "sum" as const, source: { event: "order" } };
    const done = await update({ name: "Money", definition, direction: "decrease", minimumEffect: 0.1 });
    const sentence =
      'Changed: name "sum" → "Money"; definition sum of amount over "purchase", capped at the 99.9 % quantile of those above 0' +
      ' → sum of the value over "order"; better when it goes increase → decrease; smallest effect that matters none → 10 %.';
    expect(done).toEqual({ key: "sum", revision: 2, sentence, running: 0 });
    expect(await audited(database, 1)).toEqual([`metric sum: ${sentence}`]);
    const { name, description, definition: written, margin, revision, eventName } = await get("sum");
    expect({ name, description, margin, revision, eventName }).toEqual({
      ...{ name: "Money", description: "", margin: 0, revision: 2, eventName: "order" },
    });
    expect(written).toEqual({ kind: "sum", source: { event: "order", where: [] } });
  });

  it("writes nothing when nothing changed, and can take an effect away", async () => {
    const before = await audited(database, 1);
    expect(await update({ expectedRevision: 2, name: "Money" })).toMatchObject({
      revision: 2,
      sentence: "Nothing changed.",
    });
    expect(await audited(database, 1)).toEqual(before);
    expect((await update({ expectedRevision: 2, minimumEffect: null })).sentence).toBe(
      "Changed: smallest effect that matters 10 % → none.",
    );
  });

  it("is refused on top of one that was not seen, and one of many at once wins", async () => {
    const stale = await refusal(update({ name: "Late" }));
    expect(stale).toMatchObject({ code: "CONFLICT", detail: { revision: 3 } });
    // A connection for each: otherwise the first has written before the others begin.
    await Promise.all(Array.from({ length: 8 }, () => database.$queryRaw`select 1`));
    const names = Array.from({ length: 8 }, (_, index) => `Name ${index}`);
    const all = await Promise.allSettled(names.map((name) => update({ name, expectedRevision: 3 })));
    expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const one of all) expect(one).toMatchObject(one.status === "rejected" ? { reason: { code: "CONFLICT" } } : {});
    expect((await get("sum")).revision).toBe(4);
  });

  it("says how many running experiments keep what they started with", async () => {
    for (const key of ["one", "two"]) {
      const address = await draft(database, key, { metrics: [{ key: "sum", role: "primary" }] });
      await startExperiment(database, system, { ...address, expectedRevision: 1 });
    }
    const { sentence, running } = await update({ expectedRevision: 4, margin: 0.01 });
    expect(running).toBe(2);
    expect(sentence).toBe("Changed: margin 0 % → 1 %. 2 running experiments keep what they started with.");
    expect((await get("sum")).experiments).toEqual([
      { key: "two", name: "two", status: "running", role: "primary" },
      { key: "one", name: "one", status: "running", role: "primary" },
    ]);
  });
});
