import { analyse } from "@telltale/analysis";
import { canonical } from "@telltale/configuration";
import {
  getExperiment,
  getRequest,
  listSnapshots,
  readSnapshot,
  requestAnalysis,
  stopExperiment,
} from "@telltale/control";
import { type EventStore, MomentsLimitError } from "@telltale/events";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { crowd, day, fresh, openShop, openWorker, person, type Shop, system } from "./fixtures.ts";

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

const worker = (at: Date, parts?: Parameters<typeof openWorker>[2]) => openWorker(shop, at, parts);

const find = (experiment: string) => getExperiment(shop.database, system, { project: "demo/shop", experiment });
const listed = async (experiment: string) =>
  (await listSnapshots(shop.database, system, { project: "demo/shop", experiment })).items;

describe("on a schedule", () => {
  it("each running experiment is analysed, and again when events were stored, not otherwise", async () => {
    const [a, b] = [fresh(), fresh()];
    await Promise.all([shop.start(a), shop.start(b)]);
    await shop.append(crowd(a, 400));
    const { turn, asked } = worker(new Date());
    await turn();
    expect((await find(a)).snapshot).toMatchObject({ people: 400, arms: [{ units: 200 }, { units: 200 }] });
    expect((await find(b)).snapshot).toMatchObject({ people: 0 });
    const [first] = await listed(a);

    // The store's clock is the real one: what was stored a minute before the last run may count as news.
    asked.length = 0;
    await turn(120_000);
    await turn(120_000);
    expect(asked.length).toBeLessThanOrEqual(2);
    asked.length = 0;
    await turn(3_600_000);
    expect(new Set(asked)).toEqual(new Set([a, b]));
    expect(await listed(a)).toHaveLength(1);

    await shop.append(
      crowd(a, 400, 8)
        .slice(0, 300)
        .concat(person(a, "late", "on", day(3), 5)),
    );
    await turn(3_600_000);
    const after = await listed(a);
    expect(after).toHaveLength(2);
    expect(after[1]?.id).toBe(first?.id);
    expect((await find(a)).state).toMatchObject({ problem: null, isSlow: false });
  });

  it("an ended one is analysed at its end and once its late events are in, then no more", async () => {
    const key = fresh();
    await shop.start(key);
    await shop.append(crowd(key, 40));
    const { turn, asked } = worker(new Date());
    await stopExperiment(shop.database, system, {
      project: "demo/shop",
      experiment: key,
      expectedRevision: 2,
      at: day(5, 0).toISOString(),
    });
    await turn();
    const { snapshot } = await find(key);
    expect(snapshot).toMatchObject({ dataTo: day(5, 0), people: 24 });
    await turn(3_700_000);
    asked.length = 0;
    for (let i = 0; i < 3; i++) await turn(3_700_000);
    expect(asked).not.toContain(key);
  });
});

describe("a snapshot", () => {
  it("is computed again from its stored moments to the same bytes", async () => {
    const key = fresh();
    await shop.start(key);
    await shop.append(crowd(key, 400));
    await worker(new Date()).turn();
    const [newest] = await listed(key);
    const { inputs, analysis } = await readSnapshot(shop.database, system, {
      project: "demo/shop",
      experiment: key,
      snapshot: newest?.id ?? "",
    });
    if (!inputs) throw new Error("This engine's inputs can be read.");
    expect(canonical(analyse(inputs))).toBe(canonical(analysis));
    expect(inputs.query.text).toMatch(/exposure/);
    expect(inputs.plan.metrics.map(({ key: metric }) => metric)).toEqual(["bought", "revenue"]);
  });

  it("has the same series from the same events in another store, stored late and in another order", async () => {
    const key = fresh();
    await shop.start(key);
    const events = crowd(key, 400);
    await shop.append(events);
    const now = new Date();
    await worker(now).turn();
    const { snapshot } = await find(key);

    const other = await shop.emptyStore();
    const shuffled = events.toReversed();
    for (let from = 0; from < shuffled.length; from += 130) {
      const batch = shuffled.slice(from, from + 150);
      await other.append(shop, batch, new Date("2026-11-25T00:00:00Z"));
    }
    await shop.database.analysisState.deleteMany({});
    await worker(now, { store: other }).turn();
    const again = (await find(key)).snapshot;
    expect(again?.people).toBe(400);
    expect(canonical(again?.series)).toBe(canonical(snapshot?.series));
    expect(canonical(again?.metrics)).toBe(canonical(snapshot?.metrics));
    await other.close();
  });
});

describe("on request", () => {
  it("a breakdown is a snapshot of its own, and the request names it", async () => {
    const key = fresh();
    await shop.start(key);
    await shop.append(crowd(key, 400));
    const address = { project: "demo/shop", experiment: key };
    const { request } = await requestAnalysis(shop.database, system, { ...address, breakdown: "country" });
    await worker(new Date()).turn();
    const answered = await getRequest(shop.database, system, { ...address, request });
    expect(answered).toMatchObject({ problem: null, snapshot: expect.any(String) });
    const { analysis } = await readSnapshot(shop.database, system, { ...address, snapshot: answered.snapshot ?? "" });
    const values = analysis?.breakdown?.values.map(({ value, arms }) => [value, arms.map(({ units }) => units)]);
    expect(values?.map(([value]) => value).toSorted()).toEqual(["DE", "FR"]);
    expect((await find(key)).snapshot?.breakdown).toBeNull();
  });
});

describe("one slow experiment", () => {
  /** A store that is slow for one experiment: over any quick limit, and as long as the test holds it. */
  function slowFor(experiment: string) {
    let open: () => void = () => {};
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    const moments: EventStore["moments"] = async (query, signal) => {
      if (query.experiment !== experiment) return shop.store.moments(query, signal);
      if (query.limitSeconds === 1) throw new MomentsLimitError("time", undefined);
      await opened;
      return shop.store.moments(query, signal);
    };
    return { store: { moments }, open };
  }

  it("goes to the slow lane and blocks nobody", async () => {
    const keys = [fresh(), fresh(), fresh(), fresh(), fresh()] as const;
    for (const key of keys) await shop.start(key);
    const [slow, ...others] = keys;
    await shop.append(keys.flatMap((key) => crowd(key, 40)));
    const { store, open } = slowFor(slow);
    const limits = { quick: { seconds: 1, memoryShare: 0.5 }, slow: { seconds: 100, memoryShare: 0.5 } };
    const { analyses, turn } = worker(new Date(), { store, limits });
    await turn();
    expect((await find(slow)).state).toMatchObject({ isSlow: true, problem: null });
    await analyses.tick();
    // The slow one is held now. The others go on.
    for (const key of others) await requestAnalysis(shop.database, system, { project: "demo/shop", experiment: key });
    await analyses.tick();
    await expect
      .poll(() => shop.database.analysisRequest.count({ where: { finishedAt: null } }), { timeout: 30_000 })
      .toBe(0);
    expect((await find(slow)).snapshot).toBeNull();
    open();
    await analyses.idle();
    expect((await find(slow)).snapshot).toMatchObject({ people: 40 });
    expect((await find(slow)).state.isSlow).toBe(false);
  });
});

describe("when something is wrong", () => {
  it("an analysis that fails is told in a sentence, and others and later runs are well", async () => {
    const [good, bad] = [fresh(), fresh()];
    await shop.start(good);
    await shop.start(bad);
    const moments: EventStore["moments"] = (query, signal) =>
      query.experiment === bad
        ? Promise.reject(Object.assign(new Error("connect"), { code: "ECONNREFUSED" }))
        : shop.store.moments(query, signal);
    const now = new Date();
    const { request } = await requestAnalysis(shop.database, system, { project: "demo/shop", experiment: bad });
    await worker(now, { store: { moments } }).turn();
    expect((await find(good)).snapshot).not.toBeNull();
    expect((await find(bad)).state).toMatchObject({ problem: expect.stringMatching(/did not answer/), failures: 1 });
    expect(await getRequest(shop.database, system, { project: "demo/shop", experiment: bad, request })).toMatchObject({
      problem: expect.stringMatching(/tried again/),
    });
    await worker(new Date(now.getTime() + 3_600_000)).turn();
    expect((await find(bad)).state).toMatchObject({ problem: null });
    expect((await find(bad)).snapshot).not.toBeNull();
  });

  it("what a stopped worker was doing, the next one does", async () => {
    const key = fresh();
    await shop.start(key);
    await shop.append(crowd(key, 40));
    const { request } = await requestAnalysis(shop.database, system, { project: "demo/shop", experiment: key });
    const moments: EventStore["moments"] = (_, signal) =>
      new Promise((_resolve, reject) => {
        if (signal?.aborted) reject(new Error("cut off"));
        signal?.addEventListener("abort", () => reject(new Error("cut off")));
      });
    const cut = worker(new Date(), { store: { moments } });
    await cut.analyses.tick();
    await cut.analyses.stop();
    expect((await find(key)).state.problem).toBeNull();
    await worker(new Date()).turn();
    const answered = await getRequest(shop.database, system, { project: "demo/shop", experiment: key, request });
    expect(answered).toMatchObject({ problem: null, snapshot: expect.any(String) });
  });
});
