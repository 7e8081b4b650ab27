import fc from "fast-check";
import { describe, expect, it } from "vitest";
import reference from "../../reference/tests.json";
import { sequentialSplit } from "./sequential-split.ts";
import { splitCheck } from "./split-check.ts";

describe("split checks against scipy and mpmath (reference/tests.py)", () => {
  it.each(reference.splits)("$counts as $weights", ({ counts, weights, chi2, p, logEvidence }) => {
    const once = splitCheck(counts, weights);
    expect(once.chi2).toBeCloseTo(chi2, 9);
    expect((once.p ?? 0) / p).toBeCloseTo(1, 9);
    const anytime = sequentialSplit(counts, weights);
    expect(anytime.logEvidence).toBeCloseTo(logEvidence, 8);
    expect(Math.log(anytime.p ?? 0)).toBeCloseTo(Math.min(0, -logEvidence), 8);
  });

  it("keeps the smallest p, and alarms for an arm of weight 0", () => {
    expect(sequentialSplit([500, 500], [1, 1], { before: 0.0005 })).toMatchObject({ state: "alarm", p: 0.0005 });
    expect(sequentialSplit([500, 1], [1, 0])).toMatchObject({ state: "alarm", p: null });
    expect(sequentialSplit([0, 0], [1, 1]).state).toBe("no_data");
    expect(() => sequentialSplit([1], [1, 1])).toThrow(RangeError);
  });

  it("decides nothing where fewer than 5 are expected, or where there is no split", () => {
    expect(sequentialSplit([9, 0], [1, 1])).toMatchObject({ state: "too_few", p: 1, logEvidence: null });
    expect(sequentialSplit([4_000, 0], [999, 1])).toMatchObject({ state: "too_few" });
    expect(sequentialSplit([9, 0], [1, 1], { before: 1e-5 }).state).toBe("alarm");
    expect(sequentialSplit([100], [1])).toMatchObject({ state: "one_arm", p: null });
    expect(sequentialSplit([100, 0], [1, 0])).toMatchObject({ state: "one_arm", p: null });
  });

  it("does not lose digits at a billion users", () => {
    // A split exactly as planned: log of the evidence is -(K - 1)/2 log(1 + n/k) to first order.
    const { logEvidence } = sequentialSplit([5e8, 5e8], [1, 1]);
    expect(logEvidence).toBeCloseTo(-0.5 * Math.log1p(1e9 / 10_000), 3);
  });

  it("never answers NaN, Infinity or a p of 0", () => {
    const arms = fc.array(
      fc.tuple(
        fc.nat({ max: 2 ** 40 }),
        fc.oneof(fc.nat(9), fc.double({ min: 0, noNaN: true, noDefaultInfinity: true })),
      ),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(arms, (list) => {
        const { p, logEvidence } = sequentialSplit(
          list.map(([n]) => n),
          list.map(([, w]) => w),
        );
        expect(p ?? 1).toBeGreaterThan(0);
        expect(Number.isFinite(logEvidence ?? 0)).toBe(true);
      }),
    );
  });
});
