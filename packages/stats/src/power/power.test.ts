import fc from "fast-check";
import { describe, expect, it } from "vitest";
import plans from "../../reference/plans.json";
import { analyseMetric } from "../inference/analyse.ts";
import { duration, powerByWeek } from "./duration.ts";
import type { Plan } from "./plan.ts";
import { detectableEffect, powerOf, requiredUnits } from "./size.ts";
import { baselineOf } from "./spread.ts";

const even = { control: 1, treatment: 1, all: 2 };
const plan: Plan = {
  baseline: { value: 10, unitVariance: 25, isRate: false },
  method: { kind: "fixed" },
  alpha: 0.05,
  shares: even,
};
const rates: Plan = { ...plan, baseline: { value: 0.1, unitVariance: 0.09, isRate: true } };

function units(p: Plan, effect: Parameters<typeof requiredUnits>[1], power?: number): number {
  const needed = requiredUnits(p, effect, power);
  if (needed.state !== "ok") throw new Error(needed.state);
  return needed.all;
}

describe("sizes", () => {
  it.each(plans.power)(
    "are statsmodels' at effect $effect, ratio $ratio",
    ({ effect, ratio, alpha, power, control }) => {
      const shares = { control: 1, treatment: ratio, all: 1 + ratio };
      const own = { ...plan, alpha, shares, baseline: { value: 10, unitVariance: 1, isRate: false } };
      const needed = requiredUnits(own, { absolute: effect }, power);
      expect(needed).toMatchObject({ state: "ok", control: Math.ceil(control) });
      expect(powerOf(own, { absolute: effect }, control * (1 + ratio))).toBeCloseTo(power, 9);
      const back = detectableEffect(own, control * (1 + ratio), { power });
      expect(back).toMatchObject({ state: "ok", absolute: expect.closeTo(effect, 8) });
    },
  );

  it("of rates use both arms' variances, and unequal shares and more arms cost more", () => {
    // (1.959964 + 0.841621)^2 (0.09 + 0.11 x 0.89) / 0.01^2 = 14,748.0 an arm.
    expect(requiredUnits(rates, { lift: 0.1 })).toEqual({
      state: "ok",
      control: 14_749,
      treatment: 14_749,
      all: 29_498,
    });
    expect(units({ ...rates, shares: { control: 1, treatment: 4, all: 5 } }, { lift: 0.1 })).toBeGreaterThan(29_498);
    expect(units({ ...rates, shares: { control: 1, treatment: 1, all: 3 } }, { lift: 0.1 })).toBe(44_245);
    expect(units({ ...rates, comparisons: 3 }, { lift: 0.1 })).toBeGreaterThan(29_498);
  });

  it("of skewed values in unlike arms are as many as the analysis bears, by every method", () => {
    const shares = { control: 95, treatment: 5, all: 100 };
    const baseline = { value: 2.5, unitVariance: 260, isRate: false };
    const tails = { skewness: null, reach: 200 };
    const methods = [{ kind: "fixed" }, { kind: "group", fractions: [0.5, 1] }, { kind: "sequence" }] as const;
    for (const method of methods) {
      const own: Plan = { ...plan, baseline, shares, method };
      const [unchecked, checked] = [units(own, { lift: 2 }), units({ ...own, tails }, { lift: 2 })];
      expect(checked).toBeGreaterThan(unchecked);
      const read = (all: number) => {
        const arms = [0.95, 0.05].map((share) => {
          const n = Math.round(all * share);
          return { n, mean: 2.5, m2: 260 * (n - 1) };
        });
        const asked = method.kind === "sequence" ? { ...method, plannedUnits: all } : method;
        const metric = { kind: "mean", arms, tails, role: "primary", direction: "increase" } as const;
        return analyseMetric(metric, { method: asked, alpha: 0.05 }).comparisons[0]?.state;
      };
      // A tenth more than the edge, as the deviation will be an estimate.
      expect(read(0.92 * checked)).toBe("ok");
      expect(read(0.89 * checked)).toBe("too_skewed");
      expect(powerOf({ ...own, tails }, { lift: 2 }, 0.99 * checked)).toBe(0);
      expect(detectableEffect({ ...own, tails }, 0.99 * checked)).toEqual({ state: "too_skewed" });
    }
    const unknown = { ...plan, shares, tails: { skewness: null, reach: null } };
    expect(requiredUnits(unknown, { lift: 2 })).toEqual({ state: "too_skewed" });
  });

  it("with CUPED are 1 - rho^2 of those without", () => {
    const ratio = units({ ...plan, correlation: 0.7 }, { lift: 0.02 }) / units(plan, { lift: 0.02 });
    expect(ratio).toBeCloseTo(1 - 0.49, 3);
  });

  it("of a sequence are 1.91 times the fixed ones, of five O'Brien-Fleming looks 1.03 times", () => {
    const once = units(plan, { lift: 0.02 });
    expect(units({ ...plan, method: { kind: "sequence" } }, { lift: 0.02 }) / once).toBeCloseTo(1.91, 1);
    const looks = { ...plan, method: { kind: "group", fractions: [0.2, 0.4, 0.6, 0.8, 1] } } as const;
    expect(units(looks, { lift: 0.02 }) / once).toBeCloseTo(1.025, 2);
  });

  it("name what has no answer", () => {
    expect(requiredUnits(rates, { lift: 10 }).state).toBe("beyond_range");
    expect(requiredUnits(plan, { lift: 0 }).state).toBe("zero_effect");
    expect(
      requiredUnits({ ...plan, baseline: { value: 0, unitVariance: 1, isRate: false } }, { lift: 0.1 }).state,
    ).toBe("zero_baseline");
    expect(requiredUnits(plan, { absolute: 1e-9 }).state).toBe("too_many");
    expect(requiredUnits({ ...plan, correlation: 1 }, { lift: 0.1 }).state).toBe("zero_variance");
    expect(detectableEffect({ ...rates, alpha: 1e-6 }, 4).state).toBe("beyond_range");
    expect(detectableEffect(plan, 0).state).toBe("not_enough_data");
    const noisy = { ...plan, baseline: { value: 0.1, unitVariance: 25, isRate: false } };
    expect(detectableEffect(noisy, 100)).toMatchObject({ state: "ok", lift: { state: "unbounded" } });
    expect(() => requiredUnits({ ...plan, alpha: 0 }, { lift: 0.1 })).toThrow(RangeError);
  });

  it("and effects are each other's inverse, for every method", () => {
    const method = fc.constantFrom<Plan["method"]>(
      { kind: "fixed" },
      { kind: "sequence" },
      { kind: "sequence", plannedUnits: 5_000 },
    );
    fc.assert(
      fc.property(
        method,
        fc.double({ min: 0.05, max: 0.9, noNaN: true }),
        fc.integer({ min: 2_000, max: 1e7 }),
        (m, rate, all) => {
          const own = { ...rates, method: m, baseline: { value: rate, unitVariance: rate * (1 - rate), isRate: true } };
          const effect = detectableEffect(own, all);
          if (effect.state !== "ok") return;
          expect(units(own, { absolute: effect.absolute }) / all).toBeCloseTo(1, 2);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("baselines and weeks", () => {
  it("come from past data of any kind", () => {
    expect(baselineOf({ kind: "conversion", arms: [{ n: 1_000, converted: 100 }] })).toEqual({
      value: 0.1,
      unitVariance: expect.closeTo(0.09, 12),
      isRate: true,
    });
    expect(baselineOf({ kind: "mean", arms: [{ n: 101, mean: 3, m2: 400 }] })).toEqual({
      value: 3,
      unitVariance: expect.closeTo(4, 12),
      isRate: false,
    });
    const pair = { n: 101, meanY: 6, meanX: 2, yy: 400, xx: 100, xy: 100 };
    expect(baselineOf({ kind: "ratio", arms: [pair] })?.unitVariance).toBeCloseTo((4 - 6 + 9) / 4, 12);
    expect(baselineOf({ kind: "adjusted_mean", arms: [pair] })?.unitVariance).toBeCloseTo(3, 12);
    expect(baselineOf({ kind: "mean", arms: [] })).toBeNull();
  });

  it("round up to whole weeks and tell power and effect by week", () => {
    expect(duration(rates, { lift: 0.1 }, [10_000, 8_000])).toEqual({ state: "ok", weeks: 4, units: 29_498 });
    expect(duration(rates, { lift: 0.1 }, []).state).toBe("no_traffic");
    expect(duration(rates, { lift: 0.1 }, [1]).state).toBe("too_long");
    const weeks = powerByWeek(rates, { lift: 0.1 }, [10_000, 10_000, 9_498]);
    expect(weeks.map(({ units: n }) => n)).toEqual([10_000, 20_000, 29_498]);
    expect(weeks[2]?.power).toBeCloseTo(0.8, 4);
    expect(weeks[2]?.detectable).toMatchObject({ state: "ok", lift: { state: "ok", value: expect.closeTo(0.1, 4) } });
  });
});
