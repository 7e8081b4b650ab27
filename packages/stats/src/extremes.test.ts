import { describe, expect, it } from "vitest";
import reference from "../reference/extremes.json";
import {
  analyseMetric,
  type Comparison,
  type Interval,
  type MetricArms,
  momentsOf,
  pairMomentsOf,
  sequentialSplit,
  splitCheck,
} from "./index.ts";

function compare(metric: MetricArms): Comparison {
  const settings = { method: { kind: "fixed" as const }, alpha: 0.05 };
  const [found] = analyseMetric({ ...metric, role: "primary", direction: "increase" }, settings).comparisons;
  if (!found) throw new Error("There should be a comparison.");
  return found;
}

interface Expected {
  logP: number;
  difference: number[];
  lift: number[] | null;
}

function expectInterval(found: Interval, [estimate = 0, low = 0, high = 0]: number[], within: number): void {
  if (found.state !== "bounded") throw new Error(`The interval is ${found.state}.`);
  const errors = [found.estimate - estimate, found.low - low, found.high - high];
  expect(Math.max(...errors.map(Math.abs)) / (high - low)).toBeLessThan(within);
}

function expectAll(found: Comparison, expected: Expected): void {
  expect(found.state).toBe("ok");
  // An absolute error of log p is the relative error of p; past 1e-300 the relative error of the logarithm.
  const size = Math.max(1, Math.abs(expected.logP) / 690);
  expect(Math.abs((found.logP ?? 0) - expected.logP) / size).toBeLessThan(1e-9);
  expect(found.p).toBe(Math.max(1e-300, Math.exp(found.logP ?? 0)));
  expectInterval(found.difference, expected.difference, 1e-9);
  if (expected.lift) expectInterval(found.lift, expected.lift, 1e-8);
  else expect(found.lift.state).toBe("unbounded");
}

describe("extremes against mpmath and statsmodels (reference/extremes.py)", () => {
  it.each(Object.entries(reference.means))("%s", (_, c) => {
    const arms = [c.control, c.treatment].map(([n = 0, mean = 0, m2 = 0]) => ({ n, mean, m2 }));
    expectAll(compare({ kind: "mean", arms }), c);
  });

  it.each(Object.entries(reference.ratios))("%s", (name, c) => {
    const arms = [c.control, c.treatment].map((pairs) => pairMomentsOf(pairs as [number, number][]));
    const found = compare({ kind: "ratio", arms });
    expectAll(found, c);
    if (name.includes("near 0")) expect(found.warnings).toContain("denominator_near_zero");
  });

  it.each(Object.entries(reference.shares))("%s", (_, c) => {
    const arms = [c.control, c.treatment].map(([n = 0, converted = 0]) => ({ n, converted }));
    const { difference, warnings, p } = compare({ kind: "conversion", arms });
    if (difference.state !== "bounded") throw new Error("It should be bounded.");
    expect([difference.low, difference.high]).toEqual(c.newcombe.map((end) => expect.closeTo(end, 11)));
    expect(difference.formula).toBe("newcombe");
    expect(warnings).toContain("few_conversions");
    expect((p ?? 1) < 0.05).toBe((c.newcombe[0] ?? 0) > 0 || (c.newcombe[1] ?? 0) < 0);
  });

  it.each(reference.splits)("a split of $counts by $weights", ({ counts, weights, chi2, p }) => {
    const found = splitCheck(counts, weights);
    expect((found.chi2 ?? 0) / chi2).toBeCloseTo(1, 9);
    expect((found.p ?? 0) / p).toBeCloseTo(1, 8);
    // Arms without weight and without units are not in it.
    const open = counts.filter((_, i) => (weights[i] ?? 0) > 0);
    const shares = weights.filter((weight) => weight > 0);
    expect(sequentialSplit(counts, weights)).toEqual(sequentialSplit(open, shares));
  });
});

describe("extremes of which nothing can be known have a name, and what is known beside it", () => {
  const many = { n: 100, mean: 5, m2: 300 };
  const one = momentsOf([7]);

  it("no user, one user", () => {
    expect(compare({ kind: "mean", arms: [many, momentsOf([])] })).toMatchObject({ state: "no_data", p: null });
    const single = compare({ kind: "mean", arms: [many, one] });
    expect(single).toMatchObject({ state: "not_enough_data", p: null, treatment: { n: 1, value: 7 } });
    expect(single.difference).toEqual({ state: "unknown", reason: "not_enough_data", estimate: 2 });
    expect(compare({ kind: "mean", arms: [one, one] })).toMatchObject({ state: "not_enough_data", outcome: "unknown" });
  });

  it("no variance in either arm, a baseline of 0, a denominator of 0", () => {
    const constant = { n: 100, mean: 5, m2: 0 };
    const flat = compare({ kind: "mean", arms: [constant, { ...constant, mean: 6 }] });
    expect(flat).toMatchObject({ state: "zero_variance", p: null, difference: { estimate: 1 } });
    const zero = compare({ kind: "mean", arms: [{ ...many, mean: 0 }, many] });
    expect(zero).toMatchObject({ state: "ok", outcome: "better", lift: { state: "unknown", reason: "zero_baseline" } });
    const pair = { n: 40, meanY: 2, meanX: 1, yy: 30, xx: 20, xy: 5 };
    expect(compare({ kind: "ratio", arms: [pair, { ...pair, meanX: 0 }] }).state).toBe("zero_denominator");
  });

  it("all weights 0, and users where there is no weight", () => {
    expect(splitCheck([0, 0], [0, 0])).toMatchObject({ state: "no-data", p: null });
    for (const check of [splitCheck, sequentialSplit]) {
      expect(check([10, 10], [0, 0])).toMatchObject({ state: "alarm", p: null });
      expect(check([500, 500, 1], [1, 1, 0])).toMatchObject({ state: "alarm", p: null });
    }
  });
});
