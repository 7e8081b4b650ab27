import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AnalysisSettings, analyseMetric, type MetricInput } from "./analyse.ts";
import type { Tails } from "./tails.ts";

const sequence: AnalysisSettings = { method: { kind: "sequence", plannedUnits: 20_000 }, alpha: 0.05 };
const fixed: AnalysisSettings = { method: { kind: "fixed" }, alpha: 0.05 };

/** Means of values with a standard deviation of 10, 1 apart. */
function means(control: number, treatment: number, tails: Tails | undefined, how = sequence, role = "primary") {
  const arms = [control, treatment].map((n, index) => ({ n, mean: 20 + index, m2: (n - 1) * 100 }));
  const metric = { kind: "mean", arms, direction: "increase", ...(tails ? { tails } : {}) } as const;
  const [found] = analyseMetric({ ...metric, role: role as MetricInput["role"] }, how).comparisons;
  if (!found) throw new Error("There should be a comparison.");
  return found;
}

const wild: Tails = { skewness: 30, reach: null };

describe("skewness that must be borne", () => {
  it("equal arms wait for nothing, unequal ones for so many units as are said", () => {
    expect(means(10_000, 10_000, wild).state).toBe("ok");
    const early = means(9_500, 500, wild);
    expect(early).toMatchObject({ state: "too_skewed", outcome: "unknown", p: null, difference: { estimate: 1 } });
    const needs = early.needs ?? 0;
    expect(needs).toBeGreaterThan(10_000);
    // With so many units it is, and with a tenth less it is not: what the sequence asks for there is in it.
    const at = (units: number) => means(Math.ceil(0.95 * units), Math.ceil(0.05 * units), wild).state;
    expect([at(1.01 * needs), at(0.9 * needs)]).toEqual(["ok", "too_skewed"]);
    expect(means(needs, needs, wild).needs).toBeNull();
  });

  it("with nothing known nothing is decided and nothing promised; unless nothing is checked, or no tail is involved", () => {
    const unknown: Tails = { skewness: null, reach: null };
    expect(means(5_000, 5_000, unknown)).toMatchObject({ state: "too_skewed", needs: null });
    expect(means(5_000, 5_000, undefined).state).toBe("ok");
    const few = [
      { n: 5_000, converted: 3 },
      { n: 5_000, converted: 40 },
    ];
    const share = { kind: "conversion", arms: few, role: "guardrail", direction: "decrease", tails: unknown } as const;
    expect(analyseMetric(share, sequence).comparisons[0]).toMatchObject({ state: "ok", outcome: "worse" });
  });

  it("a cap bounds what history does not know, and the smaller of both counts", () => {
    const byReach = means(9_500, 500, { skewness: null, reach: 300 }, fixed).needs ?? 0;
    const bySkewness = means(9_500, 500, wild, fixed).needs ?? 0;
    expect(byReach / bySkewness).toBeCloseTo(1, 2);
    const both = means(9_500, 500, { skewness: 15, reach: 300 }, fixed).needs ?? 0;
    expect(both / bySkewness).toBeCloseTo(0.25, 1);
  });

  it("a test read once asks for more than a sequence, one tail alone for most", () => {
    const tails: Tails = { skewness: 3, reach: null };
    const [twoSided, shown] = ["primary", "guardrail"].map((role) => means(9_500, 500, tails, fixed, role).needs ?? 0);
    expect(twoSided).toBeGreaterThan(10_000);
    expect(shown).toBeGreaterThan(twoSided ?? 0);
  });

  it("units needed grow with the square of the skewness, and do not depend on which arm is small", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 200, max: 2_000 }),
        fc.double({ min: 40, max: 400, noNaN: true }),
        (small, skewness) => {
          const of = (size: number) => means(9_000, small, { skewness: size, reach: null }, fixed).needs ?? 0;
          expect(of(2 * skewness) / of(skewness)).toBeCloseTo(4, 2);
          expect(means(small, 9_000, { skewness, reach: null }, fixed).needs).toBe(of(skewness));
        },
      ),
    );
  });
});
