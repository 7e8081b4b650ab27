import type { ExperimentMoments, MetricMoments } from "@telltale/events";
import { describe, expect, it } from "vitest";
import { arm, day, inputs, metric, planOf, share, steady } from "../fixtures.ts";
import type { HealthCheck } from "../result/analysis.ts";
import type { AnalysisInputs } from "../result/snapshot.ts";
import { cumulate } from "../series/cumulate.ts";
import { factsOf } from "./facts.ts";
import { healthOf } from "./health.ts";
import { missingRows } from "./metrics.ts";
import { splitOf } from "./split.ts";

const plan = planOf([metric("buy"), metric("click", { role: "secondary" })]);
const sound = steady(10, {
  control: { buy: [100, 10], click: [100, 30] },
  treatment: { buy: [100, 11], click: [100, 31] },
});

function healthIn(own: AnalysisInputs): HealthCheck[] {
  const facts = factsOf(own);
  return healthOf(facts, splitOf(facts, cumulate(own.plan, own.moments.series)), null);
}
function check(name: HealthCheck["check"], moments: Partial<ExperimentMoments>, more?: Parameters<typeof inputs>[2]) {
  return healthIn(inputs(plan, { ...sound, ...moments }, more)).filter((own) => own.check === name);
}
const counts = (control: number, treatment: number) => ({
  series: [],
  variants: [arm("control", { buy: share(control, 1) }), arm("treatment", { buy: share(treatment, 1) })],
});
const state = (name: HealthCheck["check"], moments: Partial<ExperimentMoments>, more?: Parameters<typeof inputs>[2]) =>
  check(name, moments, more).map((own) => own.state);

describe("a sound experiment", () => {
  it("has every check once, and none that fails", () => {
    const found = healthIn(inputs(plan, sound));
    expect(found.map((own) => own.check)).toEqual([
      "split",
      "several_variants",
      "missing_rows",
      "pre_period_difference",
      "no_data",
      "stale_data",
      "settings_changed",
      "power",
    ]);
    expect(found.filter((own) => own.state === "warning" || own.state === "alarm")).toEqual([]);
  });
});

describe("split", () => {
  it("is judged by the sequential test, with the table in words", () => {
    expect(state("split", counts(3, 2))).toEqual(["pending"]);
    expect(state("split", counts(5_000, 5_100))).toEqual(["ok"]);
    // Chi-square has p 0.0008 here: a figure, as it may be looked at every day.
    expect(state("split", counts(5_000, 5_340))).toEqual(["ok"]);
    expect(state("split", counts(5_000, 5_500))).toEqual(["warning"]);
    const [alarm] = check("split", counts(4_072, 2_035));
    expect(alarm?.state).toBe("alarm");
    expect(alarm?.sentence).toContain("control 4,072 of 3,054 expected (66.7 %, planned 50 %)");
    expect(alarm?.p).toBeLessThan(1e-50);
  });

  it("stays out when it was out at the end of a day", () => {
    const row = (number: number, variant: string, units: number) => ({ at: day(number), variant, units, metrics: {} });
    const series = [
      row(0, "control", 3_000),
      row(0, "treatment", 3_600),
      row(1, "control", 3_600),
      row(1, "treatment", 3_200),
      row(2, "control", 10),
    ];
    const later = { ...counts(6_700, 6_810), series };
    expect(state("split", later)).toEqual(["alarm"]);
    expect(state("split", later, { status: "ended" })).toEqual(["alarm"]);
    const facts = factsOf(inputs(plan, { ...sound, ...later }));
    const found = splitOf(facts, cumulate(plan, series));
    expect(found.state).toBe("alarm");
    expect(found.p).toBeGreaterThan(0.05);
    expect(found.sequentialP).toBeLessThan(0.001);
  });

  it("has no p where a unit is in an arm that has no share", () => {
    const closed = { ...plan, arms: plan.arms.map((own, index) => ({ ...own, parts: index === 0 ? 100_000 : 0 })) };
    const facts = factsOf(inputs(closed, counts(500, 1)));
    expect(splitOf(facts, [])).toMatchObject({ state: "alarm", p: null, sequentialP: null });
  });
});

describe("units", () => {
  it("in several variants warn above 1 % and alarm above 5 %", () => {
    const share = (several: number) => state("several_variants", { ...counts(500, 500), severalVariants: several });
    expect([0, 10, 11, 52, 53].map((own) => share(own)[0])).toEqual(["ok", "ok", "warning", "warning", "alarm"]);
    expect(state("several_variants", { ...counts(20, 20), severalVariants: 20 })).toEqual(["pending"]);
  });

  it("may not have come at all", () => {
    const none = { ...counts(0, 0) };
    expect(state("no_data", none, { days: 1 })).toEqual(["warning"]);
    expect(state("no_data", none, { window: { from: day(0), to: "2026-11-01T00:59:00Z" } })).toEqual(["pending"]);
    expect(state("no_data", none, { days: 0, status: "ended" })).toEqual(["warning"]);
    expect(state("no_data", counts(1, 0))).toEqual(["ok"]);
  });

  it("may have stopped coming", () => {
    expect(state("stale_data", { lastEvent: day(9) }, { days: 10 })).toEqual(["ok"]);
    const [stale] = check("stale_data", { lastEvent: day(8) }, { days: 10 });
    expect(stale).toMatchObject({ state: "warning", sentence: expect.stringMatching(/since 2026-11-\d\d 00:00 UTC/) });
    expect(state("stale_data", { lastEvent: day(8) }, { days: 10, status: "ended" })).toEqual(["ok"]);
    const { lastEvent: _, ...silent } = inputs(plan, sound).moments;
    const own = { ...inputs(plan, sound), moments: silent };
    expect(healthIn(own).find((found) => found.check === "stale_data")?.state).toBe("pending");
  });
});

describe("metrics", () => {
  it("without any event: an alarm for primary ones, once that is due", () => {
    const events = { buy: 0, click: 0 };
    expect(check("missing_rows", { events })).toMatchObject([
      { state: "alarm", metric: "buy" },
      { state: "warning", metric: "click" },
    ]);
    expect(check("missing_rows", { events: { buy: 3 } })).toMatchObject([{ state: "warning", metric: "click" }]);
    expect(state("missing_rows", { events, ...counts(49, 50) })).toEqual(["pending"]);
    expect(state("missing_rows", { events, firstExposure: "2026-11-10T23:30:00Z" })).toEqual(["pending"]);
  });

  it("that differed before exposure: an alarm for primary ones", () => {
    const before = (meanX: number): MetricMoments =>
      ({
        ...share(1_000, 100),
        before: { n: 1_000, meanY: 0.1, meanX, yy: 90, xx: 1_000, xy: 20 },
      }) as MetricMoments;
    const arms = (buy: number, click: number) => ({
      variants: [
        arm("control", { buy: before(1), click: before(1) }),
        arm("treatment", { buy: before(buy), click: before(click) }),
      ],
    });
    expect(check("pre_period_difference", arms(1.05, 1))).toMatchObject([{ state: "ok", metric: null }]);
    expect(check("pre_period_difference", arms(1.05, 1))[0]?.p).toBe(1);
    expect(check("pre_period_difference", arms(1.25, 1.25))).toMatchObject([
      { state: "alarm", metric: "buy" },
      { state: "warning", metric: "click" },
    ]);
    expect(state("pre_period_difference", {})).toEqual(["pending"]);
    // p of 0.0007, at any time, against the control alone, of one treatment in two.
    const three = planOf([metric("buy")], { arms: ["control", "treatment", "other"] });
    const rows = [1, 1.205, 1].map((meanX, index) => arm(three.arms[index]?.variant ?? "", { buy: before(meanX) }));
    const own = (count: number) => ({ ...three, arms: three.arms.slice(0, count) });
    const found = [2, 3].map((count) =>
      healthIn(inputs(own(count), { variants: rows })).find(({ check: name }) => name === "pre_period_difference"),
    );
    expect(found.map((one) => one?.state)).toEqual(["alarm", "ok"]);
    expect((found[1]?.p ?? 0) / (found[0]?.p ?? 1)).toBeCloseTo(2, 9);
  });

  it("that were edited after the start", () => {
    expect(check("settings_changed", {}, { editedSince: ["Revenue", "Clicks"] })).toMatchObject([
      { state: "warning", sentence: expect.stringMatching(/^Revenue, Clicks were edited after the start/) },
    ]);
  });
});

describe("missing rows of a guardrail", () => {
  it("are told by variant, and of every variant when events come from no unit here", () => {
    const guarded = planOf([metric("buy"), metric("click", { role: "guardrail" })]);
    const facts = (control: number, treatment: number) =>
      factsOf(
        inputs(guarded, {
          ...sound,
          variants: [
            arm("control", { buy: share(1_000, 100), click: share(1_000, control) }),
            arm("treatment", { buy: share(1_000, 110), click: share(1_000, treatment) }),
          ],
        }),
      );
    expect(missingRows(facts(300, 310))).toEqual({ click: [] });
    expect(missingRows(facts(300, 0))).toEqual({ click: ["treatment"] });
    expect(missingRows(facts(0, 0))).toEqual({ click: ["control", "treatment"] });
  });
});
