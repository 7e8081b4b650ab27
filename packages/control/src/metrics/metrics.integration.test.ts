import type { MetricDefinition, MetricInstruction } from "@telltale/configuration";
import type { Database } from "@telltale/db";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addPeople, audited, openShop, type People, refusal, system, type TestShop } from "../fixtures.ts";
import { createMetric, getMetric, listMetrics, updateMetric } from "../index.ts";

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
      project,
      key: "revenue",
      name: "Revenue",
      format,
      minimumEffect: 0.02,
      margin: 0.01,
      definition: { kind: "sum", source: { event: "purchase" } },
    });
    expect(await get("revenue")).toMatchObject({ format, minimumEffect: 0.02, margin: 0.01, eventName: "purchase" });
    expect((await get("funnel")).format).toEqual({ style: "percent", unit: "" });
    expect((await get("count")).format).toEqual({ style: "number", unit: "" });
  });

  it("are refused with every problem, whoever calls", async () => {
    const error = await refusal(
      createMetric(database, system, {
        project,
        key: "bad",
        name: "Bad",
        minimumEffect: 0,
        margin: 2,
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
    const turn = { kind: "setDirection" as const, direction: "increase" as const };
    const update = (...instructions: MetricInstruction[]) =>
      updateMetric(database, system, { project, metric: "rises", instructions });
    expect(await refusal(update(turn))).toMatchObject({ code: "INVALID" });
    await update(turn, { kind: "setMargin", margin: 0.99 });
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
