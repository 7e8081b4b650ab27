import { ENGINE } from "@telltale/analysis";
import type { Database } from "@telltale/db";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { draft, type People } from "../fixtures.ts";
import {
  analysesDue,
  analysisOrder,
  clearObstacle,
  finishRequests,
  getExperiment,
  recordNewsCheck,
  recordObstacle,
  recordRun,
  recordSlow,
  requestAnalysis,
} from "../index.ts";
import { openShopWithMetric, startRunning, tomorrow } from "./fixtures.ts";

const [project, HOUR_MS] = ["demo/shop", 3_600_000];
let shop: Awaited<ReturnType<typeof openShopWithMetric>>;
let database: Database;
let people: People;
beforeAll(async () => {
  shop = await openShopWithMetric();
  ({ database, people } = shop);
});
afterAll(() => shop?.close());

const running = (key: string) => startRunning(database, key);

describe("what could be due", () => {
  it("is what runs, with how its runs went", async () => {
    const { id, due, save, good } = await running("going");
    expect(await due()).toMatchObject({
      experimentId: id,
      status: "running",
      to: null,
      isScheduled: true,
      requests: [],
      hasSnapshot: false,
      state: {
        lastRunAt: null,
        dataTo: null,
        seconds: 0,
        isSlow: false,
        problem: null,
        failures: 0,
        newsCheckedAt: null,
      },
    });
    await save(10, { engine: "telltale/stats/2" });
    expect((await due())?.hasSnapshot).toBe(false);
    await save(10);
    const at = new Date("2026-11-20T12:00:00Z");
    await good(at);
    expect(await due()).toMatchObject({
      hasSnapshot: true,
      state: { lastRunAt: at, dataTo: at, seconds: 2, failures: 0 },
    });
  });

  it("counts failures until a run is good again, and keeps what the last good one has seen", async () => {
    const { id, due, good } = await running("failing");
    const first = new Date("2026-11-20T12:00:00Z");
    // It took two seconds.
    const began = new Date("2026-11-20T11:59:58Z");
    await good(first);
    const problem = "The event store did not answer. It is tried again.";
    for (const minute of [1, 2]) {
      const at = new Date(first.getTime() + minute * 60_000);
      await recordRun(database, { experimentId: id, at, seconds: 30, isSlow: true, outcome: { problem } });
    }
    const state = { dataTo: first, newsCheckedAt: began, problem, failures: 2, isSlow: true, seconds: 30 };
    expect((await due())?.state).toMatchObject(state);
    const address = { project, experiment: "failing" };
    expect((await getExperiment(database, people.viewer, address)).state).toMatchObject(state);
    const checked = new Date("2026-11-20T12:10:00Z");
    await recordNewsCheck(database, { experimentId: id, at: checked, dataTo: checked });
    expect((await due())?.state).toMatchObject({ ...state, dataTo: checked, newsCheckedAt: checked });
    await good(new Date("2026-11-20T12:20:00Z"));
    expect((await due())?.state).toMatchObject({ problem: null, failures: 0, isSlow: false });
    await recordSlow(database, { experimentId: id });
    expect((await due())?.state).toMatchObject({ failures: 0, isSlow: true });
  });

  it("is told why nothing is analysed at all, until that is over; failures of its own stay", async () => {
    const [idle, failing] = [await running("obstacle"), await running("obstacle-failing")];
    const experimentIds = [idle.id, failing.id];
    const outcome = { problem: "It broke." };
    await recordRun(database, { experimentId: failing.id, at: new Date(), seconds: 1, isSlow: false, outcome });
    const problem = "The event store is away.";
    await recordObstacle(database, { experimentIds, problem });
    expect((await idle.due())?.state).toMatchObject({ problem, failures: 0, lastRunAt: null });
    const own = { ...outcome, failures: 1 };
    expect((await failing.due())?.state).toMatchObject(own);
    await clearObstacle(database);
    expect((await idle.due())?.state).toMatchObject({ problem: null });
    expect((await failing.due())?.state).toMatchObject(own);
  });

  it("is what ended, until this engine looked for news after late events had come", async () => {
    const { id, address, due, save, good, stop } = await running("ending");
    await save(10);
    await stop();
    const { stoppedAt } = await database.experiment.findUniqueOrThrow({ where: { id } });
    const later = (ms: number) => new Date((stoppedAt?.getTime() ?? Number.NaN) + ms);
    expect(await due()).toMatchObject({ status: "ended", to: expect.any(Date), isScheduled: true });
    await good(later(HOUR_MS - 1));
    expect(await due()).toBeDefined();
    // It took two seconds: it began before the hour was over.
    await good(later(HOUR_MS + 1_000));
    expect(await due()).toBeDefined();
    await good(later(HOUR_MS + 2_000));
    expect(await due()).toBeUndefined();
    expect(await due(2 * HOUR_MS)).toBeDefined();
    await recordNewsCheck(database, { experimentId: id, at: later(2 * HOUR_MS), dataTo: later(0) });
    expect(await due(2 * HOUR_MS)).toBeUndefined();
    const [other] = (await analysesDue(database, { engine: "telltale/stats/other", now: tomorrow() })).filter(
      ({ experiment }) => experiment === "ending",
    );
    expect(other).toMatchObject({ hasSnapshot: false, isScheduled: true });
    const { request } = await requestAnalysis(database, people.viewer, { ...address, breakdown: "country" });
    expect(await due()).toMatchObject({ isScheduled: false, requests: [{ id: request, breakdown: "country" }] });
    await finishRequests(database, { ids: [request], at: new Date(), outcome: { problem: "No." } });
    const outcome = { problem: "It broke." };
    await recordRun(database, { experimentId: id, at: later(3 * HOUR_MS), seconds: 1, isSlow: false, outcome });
    expect(await due()).toBeDefined();
  });

  it("is what ended, too, when the last look for news is in the future: the clock ran ahead then", async () => {
    const { due, save, good, stop } = await running("ahead");
    await save(10);
    await stop();
    const ahead = new Date(Date.now() + 400 * 86_400_000);
    await good(ahead);
    expect(await due(HOUR_MS, ahead)).toBeUndefined();
    expect(await due()).toMatchObject({ isScheduled: true });
  });

  it("leaves drafts alone", async () => {
    await draft(database, "unborn", { metrics: [{ key: "bought", role: "primary" }] });
    const all = await analysesDue(database, { engine: ENGINE, now: tomorrow() });
    expect(all.map(({ experiment }) => experiment)).not.toContain("unborn");
    const { id } = await database.experiment.findFirstOrThrow({ where: { key: "unborn" } });
    expect(await analysisOrder(database, id)).toBeNull();
    expect(await analysisOrder(database, "gone")).toBeNull();
  });

  it("is not what ended and was edited since", async () => {
    const { id, due, save, good, stop } = await running("edited");
    await save(10);
    await stop();
    await good(new Date(Date.now() + HOUR_MS + 2_000));
    expect(await due()).toBeUndefined();
    await database.experiment.update({ where: { id }, data: { hypothesis: "Read again." } });
    expect(await due()).toBeUndefined();
  });
});
