import type { ExperimentMoments, StepMoments } from "@telltale/events";
import { analyseMetric, type Comparison, momentsOf, pairMomentsOf, runningResult } from "@telltale/stats";
import { describe, expect, it } from "vitest";
import { arm, day, inputs, metric, type PlanOptions, planOf, share, shareSums, steady } from "../fixtures.ts";
import { armResults } from "../moments/metric-result.ts";
import { methodsOf } from "./methods.ts";
import { readMoments } from "./reading.ts";

const DAYS = 12;
const source = { event: "buy", where: [] };
/** What was known at the start of how far single values reach. */
const history = { from: day(-14), to: day(0), units: 5_000, value: 33, unitVariance: 220, skewness: 2 };
const revenue = metric("revenue", { definition: { kind: "sum", source }, history });

/** Raw values of single units: [day, arm, y, x], the same on every run. */
const raw = Array.from({ length: 2_400 }, (_, i) => {
  const noise = ((i * 7_919) % 1_009) / 1_009;
  const x = Math.floor(((i * 104_729) % 997) / 99.7);
  const own = i % 2;
  return { day: Math.floor(i / (2_400 / DAYS)), arm: own, y: Math.round(40 * noise) + 3 * x + (own ? 4 : 0), x };
});
const pairsOf = (own: number, until = DAYS) =>
  raw.filter((row) => row.arm === own && row.day < until).map(({ y, x }) => [y, x] as const);

function rawMoments(adjusted: boolean): Pick<ExperimentMoments, "series" | "variants"> {
  const names = ["control", "treatment"];
  const total = (rows: typeof raw, of: (row: (typeof raw)[number]) => number) =>
    rows.reduce((sum, row) => sum + of(row), 0);
  const series = Array.from({ length: DAYS }, (_, number) =>
    names.map((variant, own): StepMoments => {
      const rows = raw.filter((row) => row.day === number && row.arm === own);
      const y = { n: rows.length, y: total(rows, (r) => r.y), yy: total(rows, (r) => r.y * r.y) };
      const x = { x: total(rows, (r) => r.x), xx: total(rows, (r) => r.x * r.x), xy: total(rows, (r) => r.y * r.x) };
      return { at: day(number), variant, units: rows.length, metrics: { revenue: adjusted ? { ...y, ...x } : y } };
    }),
  ).flat();
  const variants = names.map((variant, own) => {
    const { n, mean, m2 } = momentsOf(pairsOf(own).map(([y]) => y));
    const before = adjusted ? { before: pairMomentsOf(pairsOf(own)) } : {};
    return arm(variant, { revenue: { form: "mean", n, mean, m2, capped: 0, histogram: [], ...before } });
  });
  return { series, variants };
}

function read(options: PlanOptions, adjusted = false) {
  const plan = planOf([revenue], { plannedUnits: 2_400, cupedDays: adjusted ? 14 : 0, ...options });
  return { plan, reading: readMoments(inputs(plan, rawMoments(adjusted), { days: DAYS }), plan.settings) };
}

/** Settled when a unit is counted. */
const back = metric("buy", { definition: { kind: "retention", source, fromDay: 1, toDay: 1 } });

/** Five days of 500 units an arm, of which so many did it. */
function days(control: number, treatment: readonly number[]) {
  const series = treatment.flatMap((converted, number) => [
    { at: day(number), variant: "control", units: 500, metrics: { buy: shareSums(500, control) } },
    { at: day(number), variant: "treatment", units: 500, metrics: { buy: shareSums(500, converted) } },
  ]);
  const n = 500 * treatment.length;
  const total = treatment.reduce((a, b) => a + b);
  const variants = [
    arm("control", { buy: share(n, control * treatment.length) }),
    arm("treatment", { buy: share(n, total) }),
  ];
  return { series, variants };
}

describe("what is settled when a unit is counted", () => {
  const plan = planOf([back], { plannedUnits: 4_000 });
  const first = (moments: ReturnType<typeof days>) => readMoments(inputs(plan, moments), plan.settings).metrics[0];

  it("is followed: the smallest p and the intersection of the looks at the ends of days", () => {
    const treatment = [120, 130, 110, 125, 118];
    let expected: Comparison | null = null;
    for (let until = 1; until <= treatment.length; until++) {
      const converted = treatment.slice(0, until).reduce((a, b) => a + b);
      const arms = [
        { n: 500 * until, converted: 100 * until },
        { n: 500 * until, converted },
      ];
      const look = { kind: "conversion", arms, role: "primary", direction: "increase" } as const;
      const [now] = analyseMetric(look, methodsOf(plan, plan.settings).sequence).comparisons;
      if (now) expected = runningResult(expected, now);
    }
    const found = first(days(100, treatment))?.results[0];
    expect(found?.logP).toBeCloseTo(expected?.logP ?? 0, 9);
    const [a, b] = [found?.lift, expected?.lift];
    if (a?.state !== "bounded" || b?.state !== "bounded") throw new Error("Both should have intervals.");
    expect([a.low, a.high]).toEqual([expect.closeTo(b.low, 9), expect.closeTo(b.high, 9)]);
  });

  it("keeps what was found, while the effect goes away", () => {
    const own = first(days(100, [150, 150, 95, 93, 95]));
    expect(own?.now.comparisons[0]?.outcome).toBe("unclear");
    expect(own?.results[0]?.outcome).toBe("better");
  });

  it("is read anew where looks exclude each other: the effect changed", () => {
    const own = first(days(100, [200, 200, 20, 10, 10]));
    expect(own?.results[0]).toEqual({ ...own?.now.comparisons[0] });
  });
});

describe("what goes on growing, by a sequence", () => {
  it("keeps nothing of earlier looks, which were of another quantity", () => {
    const plan = planOf([metric("buy")], { plannedUnits: 4_000 });
    const [own] = readMoments(inputs(plan, days(100, [150, 150, 95, 93, 95])), plan.settings).metrics;
    expect(own?.results).toEqual(own?.now.comparisons);
    expect(own?.results[0]?.outcome).toBe("unclear");
  });

  it.each([false, true])("is the statistics' over raw values now (adjusted: %s)", (adjusted) => {
    const { plan, reading } = read({}, adjusted);
    const kind = adjusted ? ("adjusted_mean" as const) : ("mean" as const);
    const arms = [0, 1].map((own) =>
      adjusted ? pairMomentsOf(pairsOf(own)) : momentsOf(pairsOf(own).map(([y]) => y)),
    );
    const clock = reading.metrics[0]?.input.clock ?? [];
    expect(clock).toEqual([{ unitVariance: expect.any(Number) }]);
    const look = { kind, arms, role: "primary", direction: "increase", clock } as Parameters<typeof analyseMetric>[0];
    const [expected] = analyseMetric(look, methodsOf(plan, plan.settings).sequence).comparisons;
    const found = reading.metrics[0]?.results[0];
    expect(found?.outcome).toBe("better");
    expect(found?.logP).toBeCloseTo(expected?.logP ?? 0, 8);
    for (const quantity of ["difference", "lift"] as const) {
      const [a, b] = [found?.[quantity], expected?.[quantity]];
      if (a?.state !== "bounded" || b?.state !== "bounded") throw new Error("Both should have intervals.");
      expect(a.low).toBeCloseTo(b.low, 8);
      expect(a.high).toBeCloseTo(b.high, 8);
    }
    expect(reading.looks).toBe(DAYS);
    expect(found?.posterior).not.toBeNull();
  });

  it("is narrower when it is adjusted", () => {
    const width = (comparison: Comparison | undefined) => {
      const lift = comparison?.lift;
      return lift?.state === "bounded" ? lift.high - lift.low : Number.NaN;
    };
    const [plain, adjusted] = [read({}).reading.metrics[0], read({}, true).reading.metrics[0]];
    expect(width(adjusted?.results[0])).toBeLessThan(0.9 * width(plain?.results[0]));
  });

  it("takes looks at the ends of days only, and shows the steps between with what the days left", () => {
    const plan = planOf([back], { plannedUnits: 4_000 });
    const hours = [0, 6, 12, 18, 24, 30];
    const at = (hour: number) => new Date(Date.parse(day(0)) + hour * 3_600_000).toISOString();
    const series = hours.flatMap((hour) => [
      { at: at(hour), variant: "control", units: 500, metrics: { buy: shareSums(500, 100) } },
      { at: at(hour), variant: "treatment", units: 500, metrics: { buy: shareSums(500, 101) } },
    ]);
    const variants = [arm("control", { buy: share(3_000, 600) }), arm("treatment", { buy: share(3_000, 606) })];
    const reading = readMoments(inputs(plan, { series, variants }, { stepSeconds: 21_600 }), plan.settings);
    expect(reading.looks).toBe(2);
    expect(reading.steps).toHaveLength(hours.length);
    expect(reading.steps.at(-1)?.[0]).toEqual(reading.metrics[0]?.results);
  });

  it("keeps nothing that was seen between days only", () => {
    const plan = planOf([back], { plannedUnits: 4_000 });
    // At noon the treatment is far ahead, at the end of the day it is not.
    const news = [
      { at: "2026-11-01T06:00:00Z", control: 100, treatment: 180 },
      { at: "2026-11-01T18:00:00Z", control: 180, treatment: 100 },
      { at: "2026-11-02T06:00:00Z", control: 100, treatment: 100 },
    ];
    const names = ["control", "treatment"] as const;
    const series = news.flatMap((own) =>
      names.map((variant) => ({ at: own.at, variant, units: 500, metrics: { buy: shareSums(500, own[variant]) } })),
    );
    const variants = names.map((variant) => arm(variant, { buy: share(1_500, 380) }));
    const reading = readMoments(inputs(plan, { series, variants }, { stepSeconds: 21_600 }), plan.settings);
    expect(reading.steps.map((step) => step[0]?.[0]?.outcome)).toEqual(["better", "unclear", "unclear"]);
    expect(reading.metrics[0]?.results[0]?.outcome).toBe("unclear");
  });
});

describe("a test that is read once", () => {
  it("is withheld until the planned units or the end", () => {
    expect(read({ method: "fixed", plannedUnits: 2_401 }).reading).toMatchObject({ isReadable: false, looks: 0 });
    expect(read({ method: "fixed", plannedUnits: 2_400 }).reading).toMatchObject({ isReadable: true, isFinal: true });
    const plan = planOf([revenue], { method: "fixed" });
    const ended = inputs(plan, rawMoments(false), { status: "ended" });
    expect(readMoments(ended, plan.settings)).toMatchObject({ isReadable: true, isFinal: true, looks: 1 });
  });

  it("is followed for guardrails all the same", () => {
    const plan = planOf([metric("err", { role: "guardrail" })], { method: "fixed", plannedUnits: 100_000 });
    const own = inputs(plan, steady(10, { control: { err: [500, 100] }, treatment: { err: [500, 60] } }));
    const [found] = readMoments(own, plan.settings).metrics;
    expect(found?.results[0]).toMatchObject({ outcome: "worse", difference: { method: "sequence" } });
    expect(readMoments(own, plan.settings).isReadable).toBe(false);
  });
});

describe("a group sequential test", () => {
  it("says nothing before the first look", () => {
    const { reading } = read({ method: "group", plannedUnits: 100_000 });
    expect(reading).toMatchObject({ isReadable: false, looks: 0 });
    expect(reading.metrics[0]?.results[0]).toMatchObject({ state: "not_enough_data", outcome: "unknown", p: null });
    expect(reading.metrics[0]?.now.comparisons[0]?.outcome).toBe("better");
  });

  it("shows the data of its last look", () => {
    const { plan, reading } = read({ method: "group", plannedUnits: 4_000, looks: 2 });
    const control = pairsOf(0, 10).map(([y]) => y);
    expect(reading).toMatchObject({ isReadable: true, isFinal: false, looks: 1 });
    const found = reading.metrics[0]?.results[0];
    expect(found?.control.n).toBe(1_000);
    expect(found?.control.value).toBeCloseTo(momentsOf(control).mean, 9);
    expect(found?.difference).toMatchObject({ method: "group" });
    const arms = armResults(plan, revenue, [], reading.metrics[0] ?? { now: { comparisons: [], adjustment: null } });
    expect(arms[0]?.value).toBeCloseTo(momentsOf(pairsOf(0).map(([y]) => y)).mean, 9);
  });

  it("reads quantiles at the end only, and guardrails at any time", () => {
    const p90 = metric("p90", {
      definition: { kind: "quantile", source, level: 0.5, per: "unit", includeZeros: true },
    });
    const guard = { ...p90, key: "guard", role: "guardrail" } as const;
    const plan = planOf([metric("buy"), p90, guard], { method: "group", plannedUnits: 10_000, looks: 2 });
    const { series, variants } = steady(8, { control: { buy: [400, 40] }, treatment: { buy: [400, 40] } });
    const reading = { form: "quantile", n: 3_200, value: 5, lower: 4.9, upper: 5.1, histogram: [] } as const;
    const both = { p90: { ...reading, histogram: [] }, guard: { ...reading, histogram: [] } };
    const moments = { series, variants: variants.map((own) => ({ ...own, metrics: { ...own.metrics, ...both } })) };
    // The look is at 5,600 of the 6,400 units.
    const running = readMoments(inputs(plan, moments), plan.settings);
    expect(running.metrics.map(({ results }) => results[0]?.state)).toEqual(["ok", "not_enough_data", "ok"]);
    const ended = readMoments(inputs(plan, moments, { status: "ended" }), plan.settings);
    expect(ended.metrics.map(({ results }) => results[0]?.state)).toEqual(["ok", "ok", "ok"]);
    expect(ended).toMatchObject({ looks: 2, isFinal: true });
  });
});
