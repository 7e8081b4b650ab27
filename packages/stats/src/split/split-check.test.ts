import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitCheck } from "./split-check.ts";

describe("splitCheck", () => {
  it("passes a healthy split", () => {
    const check = splitCheck([5_020, 4_980], [50_000, 50_000]);
    // chi2 = 0.16; upper tail by mpmath.
    expect(check.state).toBe("ok");
    expect(check.chi2).toBeCloseTo(0.16, 12);
    expect(check.p).toBeCloseTo(0.6891565167793516, 12);
    expect(check.expected).toEqual([5_000, 5_000]);
  });

  it("alarms where 80/20 was planned and 4,072/2,035 came (p = 2.4e-149)", () => {
    const check = splitCheck([4_072, 2_035], [80, 20]);
    expect(check.state).toBe("alarm");
    expect((check.p ?? 0) / 2.4e-149).toBeCloseTo(1, 1);
  });

  it("warns between 0.001 and 0.01", () => {
    expect(splitCheck([5_150, 4_850], [1, 1]).state).toBe("warning");
    expect(splitCheck([5_170, 4_830], [1, 1]).state).toBe("alarm");
  });

  it("works with the weights in force, not equal ones", () => {
    expect(splitCheck([950, 50], [95, 5]).state).toBe("ok");
    expect(splitCheck([950, 50], [1, 1]).state).toBe("alarm");
  });

  it("names what it cannot test", () => {
    expect(splitCheck([0, 0], [1, 1])).toMatchObject({ state: "no-data", p: null, chi2: null });
    expect(splitCheck([5, 4], [1, 1])).toMatchObject({ state: "too-few", p: null });
    expect(splitCheck([100, 1], [1, 0])).toMatchObject({ state: "alarm", p: null });
    expect(splitCheck([100, 0], [1, 0])).toMatchObject({ state: "one-arm", p: null, chi2: null });
    expect(splitCheck([100], [1])).toMatchObject({ state: "one-arm", p: null, chi2: null });
    expect(splitCheck([100, 1], [0, 0])).toMatchObject({ state: "alarm", p: null });
    expect(splitCheck([], [])).toMatchObject({ state: "no-data" });
  });

  it("refuses what only a bug can pass", () => {
    expect(() => splitCheck([1], [1, 1])).toThrow(RangeError);
    expect(() => splitCheck([1, Number.NaN], [1, 1])).toThrow(RangeError);
    expect(() => splitCheck([1, -1], [1, 1])).toThrow(RangeError);
  });

  it("never answers NaN, Infinity or a p of 0", () => {
    const arms = fc.array(fc.tuple(fc.nat({ max: 2 ** 40 }), fc.nat({ max: 100_000 })), { maxLength: 6 });
    fc.assert(
      fc.property(arms, (list) => {
        const { p, chi2, expected } = splitCheck(
          list.map(([n]) => n),
          list.map(([, w]) => w),
        );
        expect([p ?? 1, chi2 ?? 0, ...expected].every(Number.isFinite)).toBe(true);
        expect(p).not.toBe(0);
      }),
    );
  });
});
