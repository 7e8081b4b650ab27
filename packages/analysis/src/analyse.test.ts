import { canonical } from "@telltale/configuration";
import type { MetricMoments } from "@telltale/events";
import { analyseMetrics } from "@telltale/stats";
import { describe, expect, it } from "vitest";
import { analyse, ENGINE } from "./analyse.ts";
import { arm, day, inputs, metric, planOf, share, steady } from "./fixtures.ts";

const buy = metric("buy");
const click = metric("click", { role: "secondary" });
const plan = planOf([buy, click], { plannedUnits: 20_000 });
const news = steady(10, {
  control: { buy: [1_000, 100], click: [1_000, 300] },
  treatment: { buy: [1_000, 125], click: [1_000, 310] },
});
const own = inputs(plan, news);

describe("analyse", () => {
  it("is one value of its inputs, however often and in whatever order of keys", () => {
    const bytes = canonical(analyse(own));
    expect(canonical(analyse(own))).toBe(bytes);
    expect(canonical(analyse(JSON.parse(canonical(own))))).toBe(bytes);
    expect(ENGINE).toBe("telltale/stats/6");
  });

  it("leaves its inputs as they were", () => {
    const before = canonical(own);
    analyse(own);
    expect(canonical(own)).toBe(before);
  });

  it("counts people, arms and looks", () => {
    expect(analyse(own)).toMatchObject({
      people: 20_000,
      arms: [
        { variant: "control", units: 10_000 },
        { variant: "treatment", units: 10_000 },
      ],
      asPlanned: true,
      progress: { units: 20_000, planned: 20_000, pace: { perDay: 2_000, low: 2_000, high: 2_000 }, looks: 10 },
    });
  });

  it("ignores variants that are in no arm", () => {
    const stranger = arm("nobody", { buy: share(500, 400), click: share(500, 400) });
    const series = [...news.series, { at: day(1), variant: "nobody", units: 500, metrics: {} }];
    expect(analyse(inputs(plan, { variants: [...news.variants, stranger], series }))).toEqual(analyse(own));
  });
});

describe("the series", () => {
  it("has every arm at every step, and ends with the result itself", () => {
    const { series, metrics } = analyse(own);
    expect(series).toHaveLength(2 * 10 * 2);
    const last = series.filter(({ metric: key, at }) => key === "buy" && at === day(9));
    const { lift, difference } = metrics[0]?.comparisons[0]?.comparison ?? {};
    if (lift?.state !== "bounded" || difference?.state !== "bounded") throw new Error("There should be an effect.");
    expect(last).toEqual([
      { at: day(9), variant: "control", metric: "buy", units: 10_000, value: 0.1, lift: null, difference: null },
      {
        at: day(9),
        variant: "treatment",
        metric: "buy",
        units: 10_000,
        value: 0.125,
        lift: { estimate: lift.estimate, low: lift.low, high: lift.high },
        difference: { estimate: difference.estimate, low: difference.low, high: difference.high },
      },
    ]);
  });

  it("of a sequence only grows narrower", () => {
    const widths = analyse(own)
      .series.filter(({ metric: key, lift }) => key === "buy" && lift !== null)
      .map(({ lift }) => (lift?.high ?? 0) - (lift?.low ?? 0));
    expect(widths).toHaveLength(10);
    expect(widths).toEqual(widths.toSorted((a, b) => b - a));
  });

  it("of other methods is plain, and the same at the end", () => {
    const fixed = planOf([buy], { method: "fixed" });
    const { series } = analyse(inputs(fixed, news));
    const arms = [
      { n: 10_000, converted: 1_000 },
      { n: 10_000, converted: 1_250 },
    ];
    const [expected] = analyseMetrics([{ kind: "conversion", arms, role: "primary", direction: "increase" }], {
      method: { kind: "fixed" },
      alpha: 0.05,
    });
    const lift = expected?.comparisons[0]?.lift;
    expect(lift).toMatchObject(series.at(-1)?.lift ?? {});
  });

  it("tells units where there is no metric, and nothing of quantiles", () => {
    const none = analyse(inputs(planOf([]), news)).series;
    expect(none).toHaveLength(20);
    expect(none[0]).toEqual({ at: day(0), variant: "control", metric: null, units: 1_000, value: null, lift: null });
    const source = { event: "ms", where: [] };
    const p90 = metric("p90", {
      definition: { kind: "quantile", source, level: 0.9, per: "unit", includeZeros: true },
    });
    expect(analyse(inputs(planOf([p90]), news)).series).toEqual([]);
  });

  it("has a plain value and no lift where sums do not give the estimator", () => {
    const aggregate = { of: "count" } as const;
    const source = { event: "e", where: [], aggregate };
    const ratio = metric("ratio", { definition: { kind: "ratio", numerator: source, denominator: source } });
    const pair = { n: 1_000, meanY: 1, meanX: 2, yy: 900, xx: 900, xy: 100 };
    const products = {
      yy: 900,
      yx: 100,
      yy0: 300,
      yx0: 50,
      xx: 900,
      xy0: 20,
      xx0: 300,
      y0y0: 900,
      y0x0: 90,
      x0x0: 900,
    };
    const moments = (y0: number): MetricMoments => {
      const before = { n: 1_000, means: { y: 1, x: 2, y0, x0: 2 }, products };
      return { form: "ratio", pair, capped: { y: 0, x: 0 }, before };
    };
    const sums = { n: 500, y: 500, yy: 950, x: 1_000, xx: 2_450, xy: 1_050 };
    const rows = [0, 1].flatMap((number) =>
      ["control", "treatment"].map((variant) => ({ at: day(number), variant, units: 500, metrics: { ratio: sums } })),
    );
    const variants = [arm("control", { ratio: moments(1) }), arm("treatment", { ratio: moments(1.2) })];
    const { series, metrics } = analyse(inputs(planOf([ratio]), { series: rows, variants }));
    const adjusted = metrics[0]?.arms.map(({ value }) => value) ?? [];
    expect(adjusted[0]).toBeGreaterThan(0.5);
    expect(adjusted[1]).toBeLessThan(0.5);
    expect(series.map(({ value }) => value)).toEqual([0.5, 0.5, ...adjusted]);
    // Nothing was known of how far its values reach: an estimate without bounds.
    expect(series.map(({ lift }) => lift)).toEqual([
      null,
      null,
      null,
      { estimate: expect.any(Number), low: null, high: null },
    ]);
  });
});

describe("read otherwise", () => {
  const before = { n: 10_000, meanY: 0.1, meanX: 0.2, yy: 900, xx: 2_000, xy: 800 };
  const withBefore = news.variants.map((row) => ({
    ...row,
    metrics: { ...row.metrics, buy: { ...row.metrics.buy, before } },
  }));
  const known = inputs(plan, { series: [], variants: withBefore as typeof news.variants });

  it("shows the numbers of other settings and says so", () => {
    const { settings, asPlanned, metrics } = analyse(own, { method: "fixed", alpha: 0.01, correct: false });
    expect(asPlanned).toBe(false);
    expect(settings).toEqual({ ...plan.settings, method: "fixed", alpha: 0.01, correct: false });
    expect(metrics[0]?.comparisons[0]?.comparison.lift).toMatchObject({ method: "fixed", level: 0.99 });
  });

  it("adjusts by what was asked for, or not at all", () => {
    expect(analyse(known).metrics[0]?.adjustment).not.toBeNull();
    expect(analyse(known, { cupedDays: 0 }).metrics[0]?.adjustment).toBeNull();
    expect(analyse(known, { cupedDays: 14 })).toEqual(analyse(known));
  });

  it("keeps the plan's verdict and health: nobody can shop for one", () => {
    const weak = steady(10, { control: { buy: [1_000, 100] }, treatment: { buy: [1_000, 109] } });
    const one = inputs(planOf([buy], { plannedUnits: 20_000 }), weak);
    const otherwise = analyse(one, { method: "fixed" });
    expect(otherwise.metrics[0]?.comparisons[0]?.comparison.outcome).toBe("better");
    expect(otherwise.verdict).toEqual(analyse(one).verdict);
    expect(otherwise.verdict.code).toBe("keep_running");
    expect(otherwise.health).toEqual(analyse(one).health);
  });

  it("is as planned where the settings asked for are the plan's", () => {
    expect(analyse(own, { method: "sequence", alpha: 0.05 })).toEqual(analyse(own));
    expect(analyse(own, { method: undefined } as object).asPlanned).toBe(true);
  });
});

describe("the breakdown", () => {
  it("reads each value by itself, at one look", () => {
    const breakdown = [
      { value: "DE", variants: news.variants },
      { value: null, variants: [] },
    ];
    const found = analyse(inputs(plan, { ...news, breakdown }, { breakdown: "country" })).breakdown;
    expect(found?.attribute).toBe("country");
    expect(found?.values.map(({ value, arms }) => [value, ...arms.map(({ units }) => units)])).toEqual([
      ["DE", 10_000, 10_000],
      [null, 0, 0],
    ]);
    expect(found?.values.map(({ split }) => split.state)).toEqual(["ok", "no-data"]);
    const [off, on] = news.variants;
    const leaky = [{ value: "FR", variants: off && on ? [off, { ...on, units: 9_000 }] : [] }];
    const [french] =
      analyse(inputs(plan, { ...news, breakdown: leaky }, { breakdown: "country" })).breakdown?.values ?? [];
    expect(french?.split).toMatchObject({ state: "alarm", expected: [9_500, 9_500] });
    // Two values share the error level.
    const half = { ...plan, settings: { ...plan.settings, alpha: plan.settings.alpha / 2 } };
    const atOnce = analyse(inputs(half, { ...news, series: [] })).metrics[0]?.comparisons;
    expect(found?.values[0]?.metrics[0]?.comparisons).toEqual(atOnce);
    expect(found?.values[1]?.metrics[0]?.comparisons[0]?.comparison.state).toBe("no_data");
    expect(Object.keys(found?.values[0]?.metrics[0] ?? {}).sort()).toEqual(["arms", "comparisons", "key"]);
  });

  it("is there where it was asked for", () => {
    const breakdown = [{ value: "DE", variants: news.variants }];
    expect(analyse(inputs(plan, { ...news, breakdown })).breakdown).toBeNull();
    expect(analyse(inputs(plan, news, { breakdown: "country" })).breakdown).toBeNull();
  });
});
