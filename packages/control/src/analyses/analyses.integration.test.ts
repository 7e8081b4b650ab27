import { ENGINE } from "@telltale/analysis";
import type { Database } from "@telltale/db";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { draft, type People, refusal } from "../fixtures.ts";
import {
  type Actor,
  finishRequests,
  getExperiment,
  getRequest,
  getResults,
  listExperiments,
  listSnapshots,
  OPEN_REQUESTS_MAX,
  readSnapshot,
  requestAnalysis,
  saveSnapshot,
  takeRequests,
} from "../index.ts";
import { openShopWithMetric, startRunning } from "./fixtures.ts";

const project = "demo/shop";
let shop: Awaited<ReturnType<typeof openShopWithMetric>>;
let database: Database;
let people: People;
beforeAll(async () => {
  shop = await openShopWithMetric();
  ({ database, people } = shop);
});
afterAll(() => shop?.close());

const running = (key: string) => startRunning(database, key);

describe("a request", () => {
  it("is for members who may read, of what has started", async () => {
    const { address } = await running("asked");
    expect((await refusal(requestAnalysis(database, people.stranger, address))).code).toBe("NOT_FOUND");
    const draftOf = await draft(database, "unborn", { metrics: [{ key: "bought", role: "primary" }] });
    expect((await refusal(requestAnalysis(database, people.owner, draftOf))).message).toMatch(
      /has not started.*Start it/,
    );
    expect((await refusal(requestAnalysis(database, people.owner, { ...address, experiment: "gone" }))).code).toBe(
      "NOT_FOUND",
    );
    for (const breakdown of ["", "  ", "x".repeat(101)]) {
      const error = await refusal(requestAnalysis(database, people.owner, { ...address, breakdown }));
      expect(error.code, breakdown).toBe("INVALID");
    }
    const { request } = await requestAnalysis(database, people.viewer, address);
    expect(await getRequest(database, people.owner, { ...address, request })).toMatchObject({
      id: request,
      breakdown: null,
      requestedBy: "viewer",
      startedAt: null,
      finishedAt: null,
      snapshot: null,
    });
    expect((await refusal(getRequest(database, people.stranger, { ...address, request }))).code).toBe("NOT_FOUND");
    const elsewhere = { ...(await running("elsewhere")).address, request };
    expect((await refusal(getRequest(database, people.owner, elsewhere))).code).toBe("NOT_FOUND");
  });

  it("is one for all who ask the same, even at once, until it is answered", async () => {
    const { id: experimentId, address, due, save } = await running("crowded");
    const ask = (breakdown?: string) => requestAnalysis(database, people.viewer, { ...address, breakdown });
    const asked = await Promise.all([ask(), ask(), ask("country"), ask("country"), ask(" country "), ask("plan")]);
    expect(new Set(asked.map(({ request }) => request)).size).toBe(3);
    expect((await due())?.requests.map(({ breakdown }) => breakdown ?? "").sort()).toEqual(["", "country", "plan"]);
    const { state } = await getExperiment(database, people.viewer, address);
    expect(state.requests).toHaveLength(3);
    const { request: id } = await ask();
    const at = new Date();
    const take = () => takeRequests(database, { experimentId, breakdown: null, at });
    expect(await take()).toEqual([id]);
    expect((await ask()).request).toBe(id);
    // The worker that took it was killed: the next one takes it again.
    expect(await take()).toEqual([id]);
    const { id: snapshot } = await save(5);
    await finishRequests(database, { ids: [id], at, outcome: { snapshot } });
    await finishRequests(database, { ids: [id], at, outcome: { problem: "Too late." } });
    expect(await take()).toEqual([]);
    expect(await getRequest(database, people.viewer, { ...address, request: id })).toMatchObject({
      startedAt: at,
      finishedAt: at,
      snapshot,
      problem: null,
    });
    expect((await ask()).request).not.toBe(id);
  });
});

describe("one person", () => {
  const problemOf = async (asked: Promise<unknown>) => (await refusal(asked)).code;

  it("waits for so many analyses at once, over all experiments; everybody else is served", async () => {
    const [one, two] = [await running("greedy"), await running("greedy-too")];
    const ask = (who: Actor, experiment: string, breakdown: string) =>
      requestAnalysis(database, who, { project, experiment, breakdown });
    await database.analysisRequest.deleteMany({});
    const asked = await Promise.allSettled(
      Array.from({ length: 40 }, (_, i) => ask(people.viewer, i % 2 === 0 ? "greedy" : "greedy-too", `invented-${i}`)),
    );
    const granted = asked.filter(({ status }) => status === "fulfilled");
    expect(granted).toHaveLength(OPEN_REQUESTS_MAX);
    for (const one of asked) if (one.status === "rejected") expect(one.reason).toMatchObject({ code: "TOO_MANY" });
    expect([...((await one.due())?.requests ?? []), ...((await two.due())?.requests ?? [])]).toHaveLength(
      OPEN_REQUESTS_MAX,
    );

    // What somebody asked for already costs nothing more, and is nobody's second share.
    const [{ breakdown, id } = { breakdown: "", id: "" }] = (await one.due())?.requests ?? [];
    expect(await ask(people.viewer, "greedy", breakdown ?? "")).toEqual({ request: id });
    expect(await ask(people.owner, "greedy", breakdown ?? "")).toEqual({ request: id });
    expect(await ask(people.owner, "greedy", "country")).toMatchObject({ request: expect.any(String) });

    await finishRequests(database, { ids: [id], at: new Date(), outcome: { problem: "No." } });
    await ask(people.viewer, "greedy", "country-2");
    expect(await problemOf(ask(people.viewer, "greedy", "country-3"))).toBe("TOO_MANY");
  });
});

describe("a snapshot", () => {
  it("is kept once for the same finding of an engine by a breakdown", async () => {
    const { id, save } = await running("kept");
    const first = await save(10);
    expect(first.isNew).toBe(true);
    expect(await save(10)).toEqual({ id: first.id, isNew: false });
    const broken = await save(10, { breakdown: "country" });
    expect(broken.isNew).toBe(true);
    expect(await save(10)).toEqual({ id: first.id, isNew: false });
    expect(await save(10, { engine: "telltale/stats/other" })).toMatchObject({ isNew: true });
    expect(await save(11)).toMatchObject({ isNew: true });
    // Back to what was found before: the newest says something else.
    expect(await save(10)).toMatchObject({ isNew: true });
    expect(await database.snapshot.count({ where: { experimentId: id } })).toBe(5);
    const change = database.snapshot.updateMany({ where: { experimentId: id }, data: { digest: "other" } });
    await expect(change).rejects.toThrow("immutable");
  });

  it("that is no analysis is not kept", async () => {
    const { id, run } = await running("unkept");
    const { analysis, ...rest } = run(1);
    const bad = { ...analysis, people: Number.NaN };
    await expect(saveSnapshot(database, { ...rest, analysis: bad })).rejects.toThrow();
    expect(await database.snapshot.count({ where: { experimentId: id } })).toBe(0);
  });

  it("holds whatever an attribute's value is", async () => {
    const { address, run } = await running("odd");
    const { analysis, ...rest } = run(1, { breakdown: "country" });
    const values = ["a\u0000b", "\ud800", "🛒"].map((value) => ({
      value,
      arms: [],
      split: { state: "no-data" as const, sequentialP: null, p: null, chi2: null, expected: [] },
      metrics: [],
    }));
    const breakdown = { attribute: "country", values };
    await saveSnapshot(database, { ...rest, analysis: { ...analysis, breakdown } });
    const found = { ...address, breakdown: "country", withInputs: false };
    const stored = (await getResults(database, people.viewer, found)).breakdown?.analysis?.breakdown?.values;
    expect(stored?.map(({ value }) => value)).toEqual(["a\ufffdb", "\ufffd", "🛒"]);
  });

  it("is read with results, by name, by breakdown, and with its inputs where they are asked for", async () => {
    const { address, save, run } = await running("read");
    const read = (parts: Partial<Parameters<typeof getResults>[2]> = {}) =>
      getResults(database, people.viewer, { ...address, withInputs: false, ...parts });
    expect(await read()).toMatchObject({ run: null, isNewest: true, breakdown: null });
    const old = await save(10);
    const newest = await save(20);
    const broken = await save(20, { breakdown: "country" });
    expect(await read()).toMatchObject({
      run: { id: newest.id, analysis: { people: 20 }, inputs: null },
      breakdown: null,
    });
    expect(await read({ snapshot: old.id })).toMatchObject({ run: { id: old.id }, isNewest: false });
    expect(await read({ snapshot: broken.id })).toMatchObject({ run: { breakdown: "country" }, isNewest: true });
    expect(await read({ breakdown: "country" })).toMatchObject({
      run: { id: newest.id },
      breakdown: { id: broken.id },
    });
    expect((await read({ breakdown: "plan" })).breakdown).toBeNull();
    expect((await read({ withInputs: true })).run?.inputs).toEqual(run(20).inputs);
    expect((await refusal(read({ experiment: "kept", snapshot: old.id }))).code).toBe("NOT_FOUND");
    const whole = await readSnapshot(database, people.viewer, { ...address, snapshot: newest.id });
    expect(whole).toMatchObject({ digest: "20 people", stored: { inputs: run(20).inputs, result: run(20).analysis } });
    const stranger = getResults(database, people.stranger, { ...address, withInputs: false });
    expect((await refusal(stranger)).code).toBe("NOT_FOUND");
  });

  it("is listed, newest first, page by page", async () => {
    const { address, save } = await running("paged");
    const saved: string[] = [];
    for (const found of [1, 2, 3]) saved.unshift((await save(found)).id);
    const list = (before?: string) => listSnapshots(database, people.viewer, { ...address, before, limit: 2 });
    const first = await list();
    expect(first.items.map(({ id, people, verdict }) => [id, people, verdict])).toEqual([
      [saved[0], 3, "collecting"],
      [saved[1], 2, "collecting"],
    ]);
    expect(first.items[0]?.createdAt).toBeInstanceOf(Date);
    const second = await list(first.next ?? "");
    expect([second.items.map(({ id }) => id), second.next]).toEqual([[saved[2]], null]);
  });

  it("of an older release is there, and read as none", async () => {
    const { address, id, save } = await running("ancient");
    const result = { people: 7, verdict: { code: "keep-running", sentence: "Keep running." }, metrics: [] };
    const row = { id: "ancient", experimentId: id, digest: "", engine: "telltale/stats/2", dataTo: new Date() };
    await database.snapshot.create({ data: { ...row, result, inputs: { query: "moments/1" } } });
    expect((await getExperiment(database, people.viewer, address)).snapshot).toBeNull();
    const list = async () =>
      (await listExperiments(database, people.viewer, { project })).find(({ key }) => key === "ancient");
    expect(await list()).toMatchObject({ people: 0, verdict: null, code: null });
    expect(await getResults(database, people.viewer, { ...address, withInputs: true })).toMatchObject({
      run: { id: "ancient", engine: "telltale/stats/2", analysis: null, inputs: null },
    });
    expect((await listSnapshots(database, people.viewer, address)).items).toMatchObject([
      { id: "ancient", people: 7, verdict: "keep-running" },
    ]);
    await save(12);
    expect((await getExperiment(database, people.viewer, address)).snapshot).toMatchObject({
      people: 12,
      engine: ENGINE,
    });
    expect(await list()).toMatchObject({ people: 12, verdict: "Collecting: 12 so far.", code: "collecting" });
  });
});
