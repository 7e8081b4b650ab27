import { type Analysis, ENGINE } from "@telltale/analysis";
import { type AnalysisOrder, recordNewsCheck, recordRun } from "@telltale/control";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestBackend, type TestBackend } from "../fixtures.ts";
import { analyseTest, dataTo, startTestExperiment } from "./fixtures.ts";

let shop: TestBackend;
let viewer: string;
let order: AnalysisOrder;
let newest: string;
beforeAll(async () => {
  shop = await openTestBackend();
  viewer = (await shop.signIn("viewer")).cookie;
  order = await startTestExperiment(shop.database, "banner-test", true);
});
afterAll(() => shop?.close());

const address = { project: "demo/shop", experiment: "banner-test" };
const ask = (procedure: string, input: object = {}, cookie = viewer) =>
  shop.call(cookie, `experiment.${procedure}`, { ...address, ...input });
const results = async (input: object = {}) => {
  const { status, data, error } = await ask("results", input);
  expect([status, error]).toEqual([200, undefined]);
  return data as Record<string, unknown> & { analysis: Analysis | null };
};
const primary = ({ analysis }: { analysis: Analysis | null }) => {
  const [metric] = analysis?.metrics ?? [];
  const [one] = metric?.comparisons ?? [];
  if (!metric || !one) throw new Error("There is a comparison.");
  return { adjustment: metric.adjustment, ...one.comparison };
};

describe("results over HTTP", () => {
  it("are none before the first snapshot, and for members only", async () => {
    expect(await results()).toEqual({
      snapshot: null,
      analysis: null,
      createdAt: null,
      dataTo: null,
      engine: null,
      checkedAt: null,
      isOutdated: false,
      isNewest: true,
      problem: null,
      breakdown: null,
    });
    const outsider = (await shop.signIn("outsider")).cookie;
    for (const [procedure, input] of [
      ["results", {}],
      ["snapshots", {}],
      ["snapshot", { snapshot: "x" }],
      ["recompute", { snapshot: "x" }],
      ["request", { request: "x" }],
    ] as const) {
      expect(await ask(procedure, input, ""), procedure).toMatchObject({ status: 401 });
      expect(await ask(procedure, input, outsider), procedure).toMatchObject({ status: 404 });
      expect(await ask(procedure, { ...input, experiment: "gone" }), procedure).toMatchObject({ status: 404 });
    }
  });

  it("are the newest snapshot's, or a named one's, with how fresh they are", async () => {
    const old = await analyseTest(shop.database, order, 440);
    newest = await analyseTest(shop.database, order, 480);
    const plain = await results();
    expect(plain).toMatchObject({
      snapshot: newest,
      dataTo,
      engine: ENGINE,
      isOutdated: false,
      isNewest: true,
      checkedAt: null,
      createdAt: expect.any(Date),
      analysis: { people: 8_000, asPlanned: true },
    });
    expect(primary(plain).treatment.n).toBe(4_000);
    expect(await results({ snapshot: old })).toMatchObject({ snapshot: old, isNewest: false, dataTo });
    expect(await ask("results", { snapshot: "gone" })).toMatchObject({ status: 404 });
    const at = new Date("2026-11-08T01:00:00Z");
    await recordNewsCheck(shop.database, { experimentId: order.id, at, dataTo: at });
    expect(await results()).toMatchObject({ dataTo: at, checkedAt: at });
    expect(await results({ snapshot: old })).toMatchObject({ dataTo });
    const outcome = { problem: "The event store did not answer." };
    await recordRun(shop.database, { experimentId: order.id, at, seconds: 1, isSlow: false, outcome });
    expect(await results()).toMatchObject({ dataTo: at, ...outcome });
  });

  it("are computed on the spot when they are wanted otherwise, and keep the plan's verdict", async () => {
    const planned = await results();
    const fixed = await results({ method: "fixed" });
    expect(fixed.analysis).toMatchObject({ asPlanned: false, settings: { method: "fixed" } });
    expect(fixed.analysis?.verdict).toEqual(planned.analysis?.verdict);
    expect(primary(fixed).p).toBeLessThan(primary(planned).p ?? 0);
    expect(primary(planned).adjustment?.varianceReduction).toBeCloseTo(0.25, 2);
    expect(primary(await results({ cuped: false })).adjustment).toBeNull();
    const wide = await results({ alpha: 0.2, correct: false, snapshot: newest });
    expect(wide.analysis).toMatchObject({ asPlanned: false, settings: { alpha: 0.2, correct: false } });
    expect(await results({ method: "group" })).toMatchObject({ analysis: { settings: { method: "group" } } });
    expect(await ask("results", { alpha: 0.9 })).toMatchObject({ status: 400, error: { code: "INVALID" } });
  });

  it("are the stored ones when what is wanted is planned", async () => {
    const planned = await results();
    const same = { method: "sequence", alpha: 0.05, correct: true, cuped: true };
    expect((await results(same)).analysis).toEqual(planned.analysis);
  });

  it("hold the newest breakdown by an attribute, or none yet", async () => {
    expect(await results({ breakdown: "country" })).toMatchObject({ snapshot: newest, breakdown: null });
    const { data } = await shop.call(viewer, "experiment.refresh", { ...address, breakdown: "country" }, "POST");
    const waiting = await ask("request", { request: data?.request });
    expect(waiting.data).toMatchObject({
      breakdown: "country",
      requestedBy: "viewer",
      finishedAt: null,
      problem: null,
    });
    const broken = await analyseTest(shop.database, order, 480, "country");
    const found = { attribute: "country", values: [{ value: "DE", metrics: [{ key: "bought" }] }] };
    expect(await results({ breakdown: "country" })).toMatchObject({
      snapshot: newest,
      breakdown: { snapshot: broken, engine: ENGINE, isOutdated: false, found },
    });
    expect(await results({ snapshot: broken })).toMatchObject({ isNewest: true, analysis: { breakdown: found } });
  });

  it("may be asked for anew only so often at once by one person", async () => {
    const attempts = Array.from({ length: 12 }, (_, i) =>
      shop.call(viewer, "experiment.refresh", { ...address, breakdown: `invented-${i}` }, "POST"),
    );
    const answers = (await Promise.all(attempts)).map(({ status, error }) => [status, error?.code ?? null]);
    expect(answers.filter(([status]) => status === 200).length).toBeLessThanOrEqual(5);
    expect(answers.filter(([status]) => status !== 200)).toContainEqual([429, "TOO_MANY"]);
    expect(new Set(answers.map(([status]) => status))).toEqual(new Set([200, 429]));
  });

  it("that an older release wrote say that they are outdated", async () => {
    const other = await startTestExperiment(shop.database, "older", false);
    const row = { id: "older", experimentId: other.id, digest: "", engine: "telltale/stats/2", dataTo };
    await shop.database.snapshot.create({ data: { ...row, result: { people: 1 }, inputs: {} } });
    const at = { ...address, experiment: "older" };
    expect(await results({ ...at, method: "fixed" })).toMatchObject({
      snapshot: "older",
      analysis: null,
      engine: "telltale/stats/2",
      isOutdated: true,
    });
    const { data } = await ask("recompute", { ...at, snapshot: "older" });
    expect(data).toMatchObject({ same: false, isComparable: false, sha256: { recomputed: null } });
    expect(data?.sentence).toMatch(/computed by telltale\/stats\/2, .* nothing was compared/);
  });
});

describe("snapshots over HTTP", () => {
  it("are listed and read whole", async () => {
    const { data } = await ask("snapshots", { limit: 2 });
    expect(data).toMatchObject({
      items: [
        { breakdown: "country", people: 8_000, engine: ENGINE },
        { id: newest, breakdown: null, verdict: expect.any(String), dataTo },
      ],
      next: newest,
    });
    const whole = await ask("snapshot", { snapshot: newest });
    expect(whole.data).toMatchObject({
      id: newest,
      digest: "480",
      engine: ENGINE,
      inputs: { query: { parameters: { p: "shop" } }, moments: { variants: [{ units: 4_000 }, { units: 4_000 }] } },
      result: { people: 8_000 },
    });
  });

  it("are computed again to the same bytes", async () => {
    const { data } = await ask("recompute", { snapshot: newest });
    expect(data).toMatchObject({ same: true, isComparable: true, engine: { stored: ENGINE, now: ENGINE } });
    const { sha256, bytes } = data as { sha256: { stored: string; recomputed: string }; bytes: number };
    expect(sha256.recomputed).toBe(sha256.stored);
    expect(sha256.stored).toMatch(/^[0-9a-f]{64}$/);
    expect(bytes).toBeGreaterThan(1_000);
  });

  it("that say what their moments do not say are found out", async () => {
    const { inputs, result } = await shop.database.snapshot.findUniqueOrThrow({ where: { id: newest } });
    const forged = { ...(result as object), people: 9_000 };
    const row = { id: "forged", experimentId: order.id, digest: "", engine: ENGINE, dataTo };
    await shop.database.snapshot.create({ data: { ...row, result: forged, inputs: inputs ?? {} } });
    const { data } = await ask("recompute", { snapshot: "forged" });
    expect(data).toMatchObject({ same: false, isComparable: true });
    expect(data?.sentence).toMatch(/^Computed again from the stored moments, the result differs\. Please report/);
    const other = { ...row, id: "other", engine: "telltale/stats/other" };
    await shop.database.snapshot.create({ data: { ...other, result: forged, inputs: inputs ?? {} } });
    expect((await ask("recompute", { snapshot: "other" })).data).toMatchObject({
      same: false,
      isComparable: true,
      engine: { stored: "telltale/stats/other", now: ENGINE },
      sentence: expect.stringMatching(/^This snapshot was computed by telltale\/stats\/other.*differs because of that/),
    });
    expect(shop.unexpected).toEqual([]);
  });
});
