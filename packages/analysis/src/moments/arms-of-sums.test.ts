import type { StepSums } from "@telltale/events";
import { pairMomentsOf } from "@telltale/stats";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { armsOfSums, valueOfSums } from "./arms-of-sums.ts";

function sumsOf(pairs: readonly (readonly [y: number, x: number])[]): StepSums {
  const total = (of: (y: number, x: number) => number) => pairs.reduce((sum, [y, x]) => sum + of(y, x), 0);
  return {
    n: pairs.length,
    y: total((y) => y),
    yy: total((y) => y * y),
    x: total((_, x) => x),
    xx: total((_, x) => x * x),
    xy: total((y, x) => y * x),
  };
}

describe("moments of cumulative sums", () => {
  it("are those of the raw values", () => {
    const value = fc.integer({ min: -500, max: 500 });
    const pairs = fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(pairs, (list) => {
        const expected = pairMomentsOf(list);
        const found = armsOfSums("ratio", false, [sumsOf(list)])?.arms[0] as typeof expected | undefined;
        for (const name of ["n", "meanY", "meanX", "yy", "xx", "xy"] as const) {
          expect(found?.[name]).toBeCloseTo(expected[name], 5);
        }
        expect(armsOfSums("mean", false, [sumsOf(list)])?.arms[0]).toMatchObject({ n: list.length });
      }),
    );
  });

  it("are left out where the spread drowned in rounding, in any arm", () => {
    const large = sumsOf([
      [1e9, 1],
      [1e9 + 1e-3, 2],
    ]);
    const small = sumsOf([
      [1, 1],
      [2, 2],
    ]);
    expect(armsOfSums("mean", false, [small, small])).not.toBeNull();
    expect(armsOfSums("mean", false, [small, large])).toBeNull();
    expect(armsOfSums("clustered", false, [large, small])).toBeNull();
  });

  it("keep the estimator, but shares with few conversions are read by counts, as they were at the time", () => {
    const own = (converted: number) => ({
      ...sumsOf([[0, 1]]),
      n: 100,
      y: converted,
      yy: converted,
      x: 50,
      xx: 60,
      xy: 9,
    });
    expect(armsOfSums("adjusted_mean", true, [own(30), own(4)])).toEqual({
      kind: "conversion",
      arms: [
        { n: 100, converted: 30 },
        { n: 100, converted: 4 },
      ],
    });
    expect(armsOfSums("adjusted_mean", true, [own(30), own(5)])).not.toBeNull();
    expect(armsOfSums("adjusted_mean", false, [own(30), own(4)])).not.toBeNull();
    expect(armsOfSums("conversion", true, [own(30), own(4)])?.arms).toEqual([
      { n: 100, converted: 30 },
      { n: 100, converted: 4 },
    ]);
  });

  it("do not exist for quantiles and adjusted ratios, nor without the second quantity", () => {
    const one = { n: 2, y: 3, yy: 5 };
    expect(armsOfSums("quantile", false, [one])).toBeNull();
    expect(armsOfSums("adjusted_ratio", false, [one])).toBeNull();
    expect(armsOfSums("adjusted_mean", false, [one])).toBeNull();
    expect(armsOfSums("mean", false, [one])).not.toBeNull();
    expect(armsOfSums("adjusted_mean", false, [undefined])).toMatchObject({ arms: [{ n: 0 }] });
  });

  it("have a plain value", () => {
    expect(valueOfSums("conversion", { n: 4, y: 1, yy: 1 })).toBe(0.25);
    expect(valueOfSums("adjusted_mean", { n: 4, y: 1, yy: 1, x: 2, xx: 2, xy: 1 })).toBe(0.25);
    expect(valueOfSums("ratio", { n: 4, y: 1, yy: 1, x: 2, xx: 2, xy: 1 })).toBe(0.5);
    expect(valueOfSums("ratio", { n: 4, y: 1, yy: 1, x: 0, xx: 0, xy: 0 })).toBeNull();
    expect(valueOfSums("mean", undefined)).toBeNull();
  });
});
