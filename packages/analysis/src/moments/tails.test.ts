import type { MetricMoments } from "@telltale/events";
import { describe, expect, it } from "vitest";
import { analyse } from "../analyse.ts";
import { arm, day, inputs, metric, planOf } from "../fixtures.ts";
import type { PlannedMetric } from "../plan/plan.ts";
import { metricArms } from "./metric-arms.ts";
import { hasNegative, tailsOf as tailsOfArms, tailsReadingOf } from "./tails.ts";

/** The tails of these moments, adjusted by what was before where it is known. */
const tailsOf = (metric: PlannedMetric, moments: MetricMoments[], how: Parameters<typeof tailsOfArms>[2]) =>
  tailsOfArms(metric, metricArms(metric, moments, true), { ...how, isNegative: hasNegative(moments) });
const source = { event: "pay", where: [] };
const running = { isPlannedEnd: false, isBalanced: true, isNegative: false, own: null };
const history = { from: day(-14), to: day(0), units: 5_000, value: 4, unitVariance: 900, skewness: 10 };
const revenue = (more: Partial<PlannedMetric> = {}) => metric("pay", { definition: { kind: "sum", source }, ...more });
const capped = (at: number) => revenue({ definition: { kind: "sum", source, cap: { at } } });
const histogram = [
  { from: 0, to: 0, units: 950 },
  { from: 64, to: 128, units: 49 },
  { from: 1_024, to: 2_048, units: 1 },
];
const moments = (more: Partial<Extract<MetricMoments, { form: "mean" }>> = {}): MetricMoments => {
  return { form: "mean", n: 1_000, mean: 4, m2: 900_000, capped: 0, histogram, ...more };
};
const both = (more = {}) => [moments(more), moments(more)];

describe("what is known of how far values reach", () => {
  it("is nothing without a cap or history: no decision before the planned end", () => {
    expect(tailsOf(revenue(), both(), running)).toEqual({ skewness: null, reach: null });
    const level = revenue({ definition: { kind: "sum", source, cap: { level: 0.999, includeZeros: false } } });
    expect(tailsOf(level, both(), running)).toEqual({ skewness: null, reach: null });
  });

  it("is the cap that was fixed before the start, unless values also lie below 0", () => {
    expect(tailsOf(capped(200), both(), running)).toEqual({ skewness: null, reach: 200 });
    const below = both({ histogram: [{ from: -64, to: -32, units: 3 }, ...histogram] });
    expect(tailsOf(capped(200), below, running)).toEqual({ skewness: null, reach: null });
    const before = { n: 1_000, meanY: 4, meanX: 4, yy: 900_000, xx: 900_000, xy: 450_000 };
    expect(tailsOf(capped(200), both({ before }), running)?.reach).toBe(300);
  });

  it("is the history's, more of a short one, stretched where values are rarer than they were", () => {
    const measured = 10 * (1 + (4 * 10 ** 2) / history.units);
    expect(tailsOf(revenue({ history }), both(), running)?.skewness).toBe(measured);
    expect(tailsOf(revenue({ history }), both({ mean: 1 }), running)?.skewness).toBe(2 * measured);
    expect(tailsOf(revenue({ history }), both({ mean: 40 }), running)?.skewness).toBe(measured);
    expect(tailsOf(revenue({ history }), both({ mean: 0 }), running)?.skewness).toBeNull();
  });

  it("is the experiment's own where that is larger, a tenth less; and of no history is not its own either", () => {
    const own = { skewness: 20, units: 1_000 };
    const counted = 0.9 * 20 * (1 + (4 * 20 ** 2) / 1_000);
    expect(tailsOf(revenue({ history }), both(), { ...running, own })?.skewness).toBeCloseTo(counted, 9);
    const smaller = { skewness: 5, units: 1_000 };
    expect(tailsOf(revenue({ history }), both(), { ...running, own: smaller })).toEqual(
      tailsOf(revenue({ history }), both(), running),
    );
    expect(tailsOf(revenue(), both(), { ...running, own })).toEqual({ skewness: null, reach: null });
  });

  it("counts the experiment's own by the histogram of all its arms", () => {
    const plan = planOf([revenue({ history })]);
    const variants = [arm("control", { pay: moments() }), arm("treatment", { pay: moments() })];
    const { own } = tailsReadingOf(inputs(plan, {}), revenue({ history }), variants);
    // 0, 96 and 1,536 of 950, 49 and 1 units: third and second moments around 6.24.
    const mean = (49 * 96 + 1_536) / 1_000;
    const moment = (power: number) =>
      (950 * mean ** power + 49 * (96 - mean) ** power + (1_536 - mean) ** power) / 1_000;
    expect(own?.units).toBe(2_000);
    expect(own?.skewness).toBeCloseTo(moment(3) / moment(2) ** 1.5, 9);
    expect(tailsReadingOf(inputs(plan, {}), revenue(), []).own).toBeNull();
  });

  it("at the planned end needs no knowing where arms are alike, and stays unknown where they are not", () => {
    expect(tailsOf(revenue(), both(), { ...running, isPlannedEnd: true })).toBeUndefined();
    const unlike = { ...running, isPlannedEnd: true, isBalanced: false };
    expect(tailsOf(revenue(), both(), unlike)).toEqual({ skewness: null, reach: null });
  });

  it("of a ratio needs caps of both", () => {
    const pair = { n: 1_000, meanY: 4, meanX: 2, yy: 900, xx: 100, xy: 50 };
    const ratio: MetricMoments = { form: "ratio", pair, capped: { y: 0, x: 0 } };
    const of = { ...source, aggregate: { of: "count" as const } };
    const with_ = (cap: { at: number; atDenominator?: number }) =>
      revenue({ definition: { kind: "ratio", numerator: of, denominator: of, cap } });
    expect(tailsOf(with_({ at: 100 }), [ratio, ratio], running)?.reach).toBeNull();
    // max(100, 2 x 80) by a mean of 2.
    expect(tailsOf(with_({ at: 100, atDenominator: 80 }), [ratio, ratio], running)?.reach).toBe(80);
  });

  it("of shares and quantiles needs no knowing", () => {
    expect(tailsOf(metric("buy"), [{ form: "share", n: 10, converted: 1 }], running)).toBeUndefined();
    const quantile: MetricMoments = { form: "quantile", n: 9, value: 1, lower: 1, upper: 1, histogram: [] };
    expect(tailsOf(metric("buy"), [quantile], running)).toBeUndefined();
  });
});

describe("what the page says of it", () => {
  /** One unit in twenty is treated. */
  const read = (own: PlannedMetric, plannedUnits: number, more = {}) => {
    const plan = {
      ...planOf([own], { plannedUnits }),
      arms: [
        { variant: "control", parts: 95_000 },
        { variant: "treatment", parts: 5_000 },
      ],
    };
    const variants = [
      arm("control", { pay: moments({ n: 9_500, m2: 9_500 * 900, ...more }) }),
      arm("treatment", { pay: moments({ n: 500, m2: 500 * 900, mean: 1, ...more }) }),
    ];
    const analysis = analyse(inputs(plan, { variants }));
    return { comparison: analysis.metrics[0]?.comparisons[0]?.comparison, verdict: analysis.verdict };
  };

  it("is that values reach too far for so few units, and from when on not", () => {
    const { comparison, verdict } = read(capped(200), 10_000);
    expect(comparison).toMatchObject({ state: "too_skewed", outcome: "unknown", p: null, needs: expect.any(Number) });
    expect(comparison?.needs).toBeGreaterThan(10_000);
    expect(comparison?.lift.estimate).toBe(-0.75);
    expect(verdict.sentence).toMatch(
      /single values reach too far for so few units\. It is read from about [\d,]+ units/,
    );
    expect(verdict.wouldChange[0]).toMatch(/^More units: it is read from about [\d,]+ units of both arms on\./);
  });

  it("waits longer when its own values are more skewed than the plan knew", () => {
    const calm = revenue({ history: { ...history, units: 1e9, skewness: 1 } });
    const alike = { histogram: [{ from: 0, to: 8, units: 9_500 }] };
    expect(read(calm, 10_000, alike).comparison).toMatchObject({ state: "ok" });
    expect(read(calm, 10_000).comparison).toMatchObject({ state: "too_skewed", needs: expect.any(Number) });
  });

  it("is the planned end where nothing was known", () => {
    expect(read(revenue(), 20_000).verdict.sentence).toMatch(
      /Neither a cap nor history of pay was known at the start, so it is not read before the planned end\./,
    );
  });
});
