import { describe, expect, it } from "vitest";
import reference from "../../reference/tests.json";
import { pairMomentsOf } from "../moments/pair-moments.ts";
import { quantile, quantileLevels } from "../moments/quantile.ts";
import { adjust, adjustRatios } from "./adjusted.ts";
import { estimateArms } from "./metric.ts";
import { quantileArm } from "./quantile.ts";
import { clusterArm, ratioArm } from "./ratio.ts";
import { conversionArm, meanArm } from "./simple.ts";

describe("arms of which nothing can be known", () => {
  it("have a state each: nobody, one user, one cluster, no denominator, impossible", () => {
    expect(meanArm({ n: 0, mean: 0, m2: 0 })).toEqual({ state: "no_data", n: 0, value: null });
    expect(meanArm({ n: 1, mean: 7, m2: 0 })).toEqual({ state: "not_enough_data", n: 1, value: 7 });
    expect(meanArm({ n: 2, mean: 7, m2: -1 }).state).toBe("impossible");
    expect(meanArm({ n: 1.5, mean: 7, m2: 1 }).state).toBe("impossible");
    expect(conversionArm({ n: 3, converted: 4 }).state).toBe("impossible");
    const pair = { n: 40, meanY: 2, meanX: 1, yy: 30, xx: 20, xy: 5 };
    expect(ratioArm({ ...pair, n: 1 })).toEqual({ state: "not_enough_data", n: 1, value: 2 });
    expect(ratioArm({ ...pair, meanX: 0 })).toEqual({ state: "zero_denominator", n: 40, value: null });
    expect(ratioArm({ ...pair, xy: 100 }).state).toBe("impossible");
    expect(ratioArm({ ...pair, meanX: 1e-200, meanY: 1e200 }).state).toBe("out_of_range");
    expect(() => estimateArms({ kind: "quantile", level: 1, arms: [] })).toThrow(RangeError);
  });

  it("are warned of when the denominator is near 0 or clusters are few", () => {
    const near = { n: 29, meanY: 2, meanX: 0.1, yy: 30, xx: 20, xy: 5 };
    expect(ratioArm(near)).toMatchObject({ state: "ok", warnings: ["few_clusters", "denominator_near_zero"] });
    expect(ratioArm({ ...near, n: 400, meanX: 1 })).toMatchObject({ warnings: [] });
  });

  it("clusters count as so many of equal size as weigh the same", () => {
    const equal = Array.from({ length: 40 }, (_, i) => [10 + (i % 3), 5] as const);
    expect(clusterArm(pairMomentsOf(equal))).toMatchObject({ df: expect.closeTo(39, 9), warnings: [] });
    // One company in which 100 work weighs (39 * 5 + 100)^2 / (39 * 25 + 100^2) = 7.93 of them.
    const unequal = clusterArm(pairMomentsOf([...equal.slice(1), [210, 100] as const]));
    expect(unequal).toMatchObject({ n: 40, df: expect.closeTo(295 ** 2 / 10_975 - 1, 9), warnings: ["few_clusters"] });
  });

  it("a ratio that is the same for every unit has no variance left", () => {
    const arm = ratioArm(pairMomentsOf([0.1, 0.7, 1.3, 2.9].map((x) => [3 * x, x] as const)));
    expect(arm).toMatchObject({ state: "ok", value: expect.closeTo(3, 12), variance: 0 });
  });
});

describe("quantiles", () => {
  const { values } = reference.quantiles;
  const read = (level: number) => {
    const { lower, upper } = quantileLevels(values.length, level);
    const [low, value, high] = [lower, level, upper].map((at) => quantile(values, at) ?? 0);
    return { n: values.length, lower: low ?? 0, value: value ?? 0, upper: high ?? 0 };
  };

  it("have half the outer interval by z as their error", () => {
    const arm = quantileArm(read(0.9), 0.9);
    const [low = 0, , high = 0] = reference.quantiles.p90;
    if (arm.state !== "ok") throw new Error("It is known.");
    expect(Math.sqrt(arm.variance)).toBeCloseTo((high - low) / 2 / 1.959963984540054, 10);
    expect(arm.df).toBeNull();
  });

  it("need enough values at the level", () => {
    const few = { ...read(0.9), n: 380 };
    expect(quantileArm(few, 0.99)).toMatchObject({ state: "not_enough_data" });
    expect(quantileArm({ ...few, n: 381 }, 0.99)).toMatchObject({ state: "ok" });
    expect(quantileArm({ ...few, lower: 1e9 }, 0.9)).toMatchObject({ state: "impossible" });
  });

  it("of clusters of one are those of units, and of like values are less sure", () => {
    const alone = quantileArm(read(0.9), 0.9);
    const q = read(0.9).value;
    const single = pairMomentsOf(values.map((value) => [value <= q ? 1 : 0, 1] as const));
    const pairs = pairMomentsOf(values.flatMap((value, i) => (i % 2 ? [] : [[value <= q ? 2 : 0, 2] as const])));
    const [units, doubled] = [single, pairs].map((inside) => quantileArm({ ...read(0.9), inside }, 0.9));
    if (alone.state !== "ok" || units?.state !== "ok" || doubled?.state !== "ok") throw new Error("All are known.");
    expect(units.variance / alone.variance).toBeCloseTo(1, 2);
    expect(doubled.variance / alone.variance).toBeCloseTo(2, 1);
    expect(doubled).toMatchObject({ n: 300, df: 299 });
  });
});

describe("CUPED", () => {
  const pair = { n: 200, meanY: 6, meanX: 4, yy: 900, xx: 600, xy: 500 };

  it("without anything before adjusts nothing and says so", () => {
    const { arms, theta, varianceReduction } = adjust([
      { ...pair, xx: 0, xy: 0 },
      { ...pair, xx: 0, xy: 0 },
    ]);
    expect([theta, varianceReduction]).toEqual([0, 0]);
    expect(arms[0]).toMatchObject({ value: 6, warnings: ["no_covariate"] });
  });

  it("that explains everything leaves no variance", () => {
    const all = { ...pair, yy: 600, xy: 600 };
    expect(adjust([all, all])).toMatchObject({
      theta: 1,
      varianceReduction: 1,
      arms: [{ variance: 0 }, { variance: 0 }],
    });
  });

  it("of ratios with constant denominators is that of means", () => {
    const products = { yy: 900, yx: 0, yy0: 500, yx0: 0, xx: 0, xy0: 0, xx0: 0, y0y0: 600, y0x0: 0, x0x0: 0 };
    const ratio = { n: 200, means: { y: 6, x: 1, y0: 4, x0: 1 }, products };
    expect(adjustRatios([ratio, ratio])).toEqual(adjust([pair, pair]));
    const none = adjustRatios([ratio, { ...ratio, means: { ...ratio.means, x0: 0 } }]);
    expect(none.arms.map(({ state }) => state)).toEqual(["ok", "zero_denominator"]);
    expect(none.raw).toEqual([6, null]);
  });
});
