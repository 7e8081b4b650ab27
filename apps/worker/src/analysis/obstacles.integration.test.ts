import { getExperiment, getRequest, requestAnalysis } from "@telltale/control";
import { type EventStore, MomentsLimitError } from "@telltale/events";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { crowd, fresh, openShop, openWorker, type Shop, system } from "./fixtures.ts";

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

const find = (experiment: string) => getExperiment(shop.database, system, { project: "demo/shop", experiment });
const refused = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });

/** How often the store was asked anything about the experiment. */
const triesOf = ({ asked, small }: Record<"asked" | "small", string[]>) =>
  [...asked, ...small].filter((experiment) => experiment === key).length;

let key: string;
beforeEach(async () => {
  key = fresh();
  await shop.start(key);
  await shop.append(crowd(key, 40));
});

/** A store that is away until it is back. */
function leaving() {
  const away = { is: false };
  const orRefused = <T>(run: () => Promise<T>) => (away.is ? Promise.reject(refused) : run());
  const store: Partial<EventStore> = {
    ping: async () => !away.is,
    moments: (query, signal) => orRefused(() => shop.store.moments(query, signal)),
    newsSince: (query, since) => orRefused(() => shop.store.newsSince(query, since)),
  };
  return { away, store };
}

describe("while the event store is away", () => {
  it("experiments say so, nothing is tried, and all goes on as soon as it is back", async () => {
    const { away, store } = leaving();
    const { turn, ...told } = openWorker(shop, new Date(), { store });
    await turn();
    expect((await find(key)).state).toMatchObject({ problem: null, failures: 0 });
    away.is = true;
    const tries = triesOf(told);
    for (let i = 0; i < 5; i += 1) await turn(4_000);
    expect(triesOf(told)).toBe(tries);
    expect((await find(key)).state).toMatchObject({ problem: expect.stringMatching(/does not answer/), failures: 0 });
    const { request } = await requestAnalysis(shop.database, system, { project: "demo/shop", experiment: key });
    await turn(1_000);
    expect(await getRequest(shop.database, system, { project: "demo/shop", experiment: key, request })).toMatchObject({
      finishedAt: expect.any(Date),
      problem: expect.stringMatching(/does not answer/),
    });
    away.is = false;
    await turn(1_000);
    expect((await find(key)).state).toMatchObject({ problem: null, failures: 0 });
    expect(triesOf(told)).toBeGreaterThan(tries);
  });

  it("the next worker tells that it is back, too", async () => {
    const { away, store } = leaving();
    away.is = true;
    await openWorker(shop, new Date(), { store }).turn();
    expect((await find(key)).state).toMatchObject({ problem: expect.stringMatching(/does not answer/) });
    await openWorker(shop, new Date()).turn();
    expect((await find(key)).state).toMatchObject({ problem: null });
  });
});

describe("a question that fails", () => {
  const limit = () => Promise.reject(new MomentsLimitError("crowded", new Error("(total) memory limit exceeded")));
  const broken = () => Promise.reject(new Error("(total) memory limit exceeded"));

  it.each([
    ["what is asked first", { newsSince: broken, moments: broken }],
    ["the analysis", { newsSince: async () => true, moments: limit }],
  ])("is shown and tried again less and less often: %s", async (_, store) => {
    await openWorker(shop, new Date()).turn();
    const { turn, ...told } = openWorker(shop, new Date(Date.now() + 60_000), { store });
    const tries: number[] = [];
    for (let second = 0; second < 120; second += 1) {
      const before = triesOf(told);
      await turn(1_000);
      if (triesOf(told) > before) tries.push(second);
    }
    // After 4, 8, 16, 32 and 64 seconds.
    expect(tries.length).toBeGreaterThanOrEqual(2);
    expect(tries.length).toBeLessThanOrEqual(6);
    expect((await find(key)).state).toMatchObject({ problem: expect.any(String), failures: expect.any(Number) });
  });

  it("that finds the store crowded stays in its lane", async () => {
    await openWorker(shop, new Date(), { store: { moments: limit } }).turn();
    expect((await find(key)).state).toMatchObject({
      isSlow: false,
      failures: 1,
      problem: expect.stringMatching(/was busy/),
    });
  });
});

describe("a breakdown", () => {
  it("by an attribute that no exposure carries is answered without an analysis, and keeps nothing", async () => {
    const { turn, asked } = openWorker(shop, new Date());
    await turn();
    const kept = await shop.database.snapshot.count();
    const tries = asked.length;
    const address = { project: "demo/shop", experiment: key };
    const { request } = await requestAnalysis(shop.database, system, { ...address, breakdown: "invented" });
    await turn();
    expect(await getRequest(shop.database, system, { ...address, request })).toMatchObject({
      snapshot: null,
      problem: expect.stringMatching(/No exposure.*"invented".*exposureAttributes/),
    });
    expect([asked.length, await shop.database.snapshot.count()]).toEqual([tries, kept]);
  });
});
