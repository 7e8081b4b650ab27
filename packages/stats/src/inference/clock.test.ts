import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AnalysisSettings, analyseMetric, type MetricInput } from "./analyse.ts";
import type { Clock } from "./readout.ts";

const sequence: AnalysisSettings = { method: { kind: "sequence", plannedUnits: 1_000 }, alpha: 0.05 };

/** Two arms of 500 units with this variance of one unit, 0.2 standard deviations apart. */
function ask(variance: number, clock: Clock | null, role: MetricInput["role"] = "primary", how = sequence) {
  const arms = [10, 10 + 0.2 * Math.sqrt(variance)].map((mean) => ({ n: 500, mean, m2: 499 * variance }));
  const metric = { kind: "mean", arms, role, direction: "increase", clock: [clock] } as const;
  return analyseMetric(metric, how).comparisons[0];
}

describe("the clock of values that go on growing", () => {
  it("counts a variance that has grown fourfold as four times the units", () => {
    const arms = [10, 10.4].map((mean) => ({ n: 500, mean, m2: 499 * 4 }));
    const metric = { kind: "mean", arms, role: "primary", direction: "increase" } as const;
    const grown = analyseMetric({ ...metric, clock: [{ unitVariance: 1 }] }, sequence).comparisons[0];
    const plain = analyseMetric({ ...metric, clock: [{ growth: 4 }] }, sequence).comparisons[0];
    expect(grown?.logP).toBeCloseTo(plain?.logP ?? 1, 9);
    expect(grown?.logP).toBeGreaterThan(analyseMetric(metric, sequence).comparisons[0]?.logP ?? 1);
  });

  it("no growth is no clock; a fixed test knows none", () => {
    expect(ask(4, { growth: 1 })).toEqual(ask(4, null));
    expect(ask(4, { unitVariance: 4 })?.logP).toBeCloseTo(ask(4, null)?.logP ?? 1, 9);
    const fixed: AnalysisSettings = { method: { kind: "fixed" }, alpha: 0.05 };
    expect(ask(4, { growth: 9 }, "primary", fixed)).toEqual(ask(4, null, "primary", fixed));
  });

  it("a clock that says nothing counts units", () => {
    for (const clock of [{ unitVariance: 0 }, { growth: Number.NaN }, { unitVariance: 1e-300 }, { growth: -1 }]) {
      expect(ask(4, clock)).toEqual(ask(4, null));
    }
  });

  it("past the planned size more information asks for more, of guardrails as well", () => {
    const growth = fc.double({ min: 2, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(growth, fc.constantFrom("primary" as const, "guardrail" as const), (times, role) => {
        const [less, more] = [times, 2 * times].map((by) => ask(4, { growth: by }, role)?.difference);
        if (less?.state !== "bounded" || more?.state !== "bounded") throw new Error("Both are bounded.");
        expect(more.high - more.low).toBeGreaterThan(less.high - less.low);
      }),
    );
  });
});

describe("a comparison of a handful of units", () => {
  it.each([
    [9, ["few_units"]],
    [10, []],
  ])("%i units in an arm", (n, warnings) => {
    const arms = [n, 50].map((units) => ({ n: units, mean: 1, m2: units }));
    const own = { kind: "mean", arms, role: "primary", direction: "increase" } as const;
    expect(analyseMetric(own, sequence).comparisons[0]?.warnings).toEqual(warnings);
  });
});
