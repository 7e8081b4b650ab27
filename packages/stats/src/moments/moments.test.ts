import fc from "fast-check";
import { describe, expect, it } from "vitest";
import reference from "../../reference/tests.json";
import { mergeMoments, momentsFromSums, momentsOf } from "./moments.ts";
import { quantile, quantileLevels, winsorize } from "./quantile.ts";

describe("moments", () => {
  it("merge to those of all values", () => {
    const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { maxLength: 40 });
    fc.assert(
      fc.property(values, values, (a, b) => {
        const [merged, whole] = [mergeMoments(momentsOf(a), momentsOf(b)), momentsOf([...a, ...b])];
        expect(merged.n).toBe(whole.n);
        expect(Math.abs(merged.mean - whole.mean)).toBeLessThan(1e-8);
        expect(Math.abs(merged.m2 - whole.m2)).toBeLessThanOrEqual(1e-9 * (1 + whole.m2));
      }),
    );
  });

  it("keep a spread of 1 beside a mean of 1e12", () => {
    expect(momentsOf([1e12 - 1, 1e12, 1e12 + 1])).toEqual({ n: 3, mean: 1e12, m2: 2 });
  });

  it("from sums say when the spread drowned in rounding, and from shifted sums keep it", () => {
    const values = Array.from({ length: 100 }, (_, i) => 1e9 + (i % 7) / 8);
    const sums = (shift: number) => ({
      n: values.length,
      sum: values.reduce((total, v) => total + (v - shift), 0),
      sumSquares: values.reduce((total, v) => total + (v - shift) ** 2, 0),
      shift,
    });
    expect(momentsFromSums(sums(0))).toBe("precision_lost");
    const shifted = momentsFromSums(sums(1e9));
    const exact = momentsOf(values.map((v) => v - 1e9));
    if (typeof shifted === "string") throw new Error("The shift should have kept it.");
    expect(shifted.m2 / exact.m2).toBeCloseTo(1, 9);
    expect(shifted.mean).toBeCloseTo(1e9 + exact.mean, 6);
  });

  it("from whole numbers are exact, zero variance included", () => {
    expect(momentsFromSums({ n: 3, sum: 9, sumSquares: 27 })).toEqual({ n: 3, mean: 3, m2: 0 });
    expect(momentsFromSums({ n: 2, sum: 3, sumSquares: 5 })).toEqual({ n: 2, mean: 1.5, m2: 0.5 });
    expect(momentsFromSums({ n: 0, sum: 0, sumSquares: 0 })).toEqual({ n: 0, mean: 0, m2: 0 });
  });
});

describe("quantiles and caps", () => {
  it("are numpy's, at the levels around p90", () => {
    const { values, p90 } = reference.quantiles;
    const { lower, upper } = quantileLevels(values.length, 0.9);
    for (const [i, level] of [lower, 0.9, upper].entries())
      expect(quantile(values, level)).toBeCloseTo(p90[i] ?? 0, 10);
    expect(quantile([1, 2, 3, 4], 0.5, 1)).toBe(2);
    expect(quantile([], 0.5)).toBeNull();
  });

  it("need 381 values for p99 and 73 for p95", () => {
    expect(quantileLevels(0, 0.99).minimumUnits).toBe(381);
    expect(quantileLevels(0, 0.95).minimumUnits).toBe(73);
  });

  it("refuses a cap at no level", () => {
    for (const level of [1.5, 0, -0.1, Number.NaN]) expect(() => winsorize([[1, 2]], level)).toThrow(RangeError);
    expect(winsorize([[1, 2]], 1).cap).toBe(2);
  });

  it("winsorise all arms at one cap", () => {
    const { cap, arms } = winsorize(
      [
        [1, 2, 3],
        [4, 100],
      ],
      0.75,
    );
    expect(cap).toBe(4);
    expect(arms.map(({ capped }) => capped)).toEqual([0, 1]);
    expect(arms[1]?.moments).toEqual({ n: 2, mean: 4, m2: 0 });
  });
});
