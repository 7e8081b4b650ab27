import { ENGINE } from "@telltale/analysis";
import { type Database, newId } from "@telltale/db";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { People } from "../fixtures.ts";
import { getExperiment, getResults, listExperiments, listSnapshots } from "../index.ts";
import { openShopWithMetric, startRunning } from "./fixtures.ts";

let shop: Awaited<ReturnType<typeof openShopWithMetric>>;
let database: Database;
let people: People;
beforeAll(async () => {
  shop = await openShopWithMetric();
  ({ database, people } = shop);
});
afterAll(() => shop?.close());

describe("after a clock that ran ahead was set right", () => {
  const ahead = new Date(Date.now() + 400 * 86_400_000);

  /** An experiment with what was stored while the clock ran ahead: ids, times of writing and data all say so. */
  async function jumped(key: string) {
    const found = await startRunning(database, key);
    const stored: string[] = [];
    for (const breakdown of [null, "country"]) {
      const { inputs, analysis, ...row } = found.run(10, { breakdown, dataTo: ahead });
      const data = { ...row, id: newId(ahead.getTime()), createdAt: ahead };
      const json = { inputs: JSON.parse(JSON.stringify(inputs)), result: JSON.parse(JSON.stringify(analysis)) };
      stored.push((await database.snapshot.create({ data: { ...data, ...json } })).id);
    }
    return { ...found, stored };
  }

  it("the newest results are those that were stored last, wherever they are read", async () => {
    const { address, save, stored } = await jumped("jumped");
    const newest = await save(20);
    const broken = await save(20, { breakdown: "country" });
    const read = (snapshot?: string) =>
      getResults(database, people.viewer, { ...address, snapshot, breakdown: "country", withInputs: false });
    expect(await read()).toMatchObject({ run: { id: newest.id }, isNewest: true, breakdown: { id: broken.id } });
    expect(await read(stored[0])).toMatchObject({ run: { id: stored[0] }, isNewest: false });
    expect(await read(newest.id)).toMatchObject({ isNewest: true });
    expect((await getExperiment(database, people.viewer, address)).snapshot).toMatchObject({ id: newest.id });
    const listed = (await listExperiments(database, people.viewer, { project: "demo/shop" })).find(
      ({ key }) => key === "jumped",
    );
    expect(listed).toMatchObject({ people: 20 });
  });

  it("snapshots are listed in the order in which they were stored, page by page", async () => {
    const { address, save, stored } = await jumped("jumped-list");
    const later = [(await save(20)).id, (await save(21)).id];
    const list = (before?: string) => listSnapshots(database, people.viewer, { ...address, before, limit: 2 });
    const first = await list();
    expect(first.items.map(({ id }) => id)).toEqual(later.toReversed());
    const second = await list(first.next ?? "");
    expect([second.items.map(({ id }) => id), second.next]).toEqual([stored.toReversed(), null]);
  });

  it("what says the same by less data is stored again, as the newest claims to have seen what nobody has", async () => {
    const { save } = await jumped("jumped-same");
    const saved = await save(10);
    expect(saved.isNew).toBe(true);
    expect(await save(10)).toEqual({ id: saved.id, isNew: false });
    expect(await save(10, { engine: ENGINE, dataTo: new Date() })).toEqual({ id: saved.id, isNew: false });
  });
});
