import { describe, expect, it } from "vitest";
import plans from "../../reference/plans.json";
import reference from "../../reference/tests.json";
import { normalQuantileOfLog } from "../distributions/normal.ts";
import { mergePairMoments, pairMomentsOf } from "../moments/pair-moments.ts";
import { type AnalysisSettings, analyseMetric, analyseMetrics, type MetricInput } from "./analyse.ts";
import { logSequenceP, sequenceMultiplier } from "./formulas/confidence-sequence.ts";
import { benjaminiHochberg, holm } from "./formulas/corrections.ts";
import { groupBoundaries, logGroupP, stoppingProbabilities } from "./formulas/group-sequential.ts";
import { posterior } from "./posterior.ts";
import type { Comparison, Interval } from "./result.ts";

const fixed: AnalysisSettings = { method: { kind: "fixed" }, alpha: 0.05 };

function compare(metric: Omit<MetricInput, "role" | "direction">, settings = fixed): Comparison[] {
  return analyseMetric({ ...metric, role: "primary", direction: "increase" } as MetricInput, settings).comparisons;
}

function only(comparisons: Comparison[]): Comparison {
  const [first] = comparisons;
  if (!first) throw new Error("There should be a comparison.");
  return first;
}

/** Largest error of estimate, low and high relative to the interval's width. */
function intervalError(interval: Interval, [estimate, low, high]: readonly [number, number, number]): number {
  if (interval.state !== "bounded") throw new Error(`The interval is ${interval.state}.`);
  const errors = [interval.estimate - estimate, interval.low - low, interval.high - high];
  return Math.max(...errors.map(Math.abs)) / (high - low);
}

function relative(actual: number | null, expected: number): number {
  return Math.abs((actual ?? Number.NaN) / expected - 1);
}

type Triple = [number, number, number];
const moments = ([n = 0, mean = 0, m2 = 0]: number[]) => ({ n, mean, m2 });

describe("against scipy, statsmodels and mpmath (reference/tests.py)", () => {
  it.each(reference.means.map((c, i) => ({ ...c, name: i })))("means and their lift, case $name", (c) => {
    const arms = [moments(c.control), moments(c.treatment)];
    const result = only(compare({ kind: "mean", arms }, { ...fixed, alpha: c.alpha }));
    // scipy's own error in log p grows with its size.
    expect(Math.abs((result.logP ?? 0) - c.logP) / Math.max(1, Math.abs(c.logP))).toBeLessThan(1e-9);
    if (c.p > 1e-300) expect(relative(result.p, c.p)).toBeLessThan(1e-9);
    expect(intervalError(result.difference, c.difference as Triple)).toBeLessThan(1e-9);
    if (c.lift === null) expect(result.lift.state).toBe("unbounded");
    else {
      const estimate = (c.difference[0] ?? 0) / Math.abs(c.control[1] ?? 0);
      expect(intervalError(result.lift, [estimate, ...c.lift] as Triple)).toBeLessThan(1e-8);
    }
  });

  it("p below 1e-300 stays a logarithm", () => {
    const result = only(compare({ kind: "mean", arms: [moments([1e6, 1, 1e6]), moments([1e6, 1.1, 1e6])] }));
    expect(result.p).toBe(1e-300);
    expect(result.logP).toBeLessThan(-2_000);
    expect(result.outcome).toBe("better");
  });

  it.each(reference.proportions)("conversions $control $treatment", (c) => {
    const counts = ([n = 0, converted = 0]: number[]) => ({ n, converted });
    const result = only(compare({ kind: "conversion", arms: [counts(c.control), counts(c.treatment)] }));
    if (result.difference.state !== "bounded") throw new Error("It should be bounded.");
    if (result.warnings.includes("few_conversions")) {
      expect(result.difference.formula).toBe("newcombe");
      expect(result.difference.low).toBeCloseTo(c.newcombe[0] ?? 0, 12);
      expect(result.difference.high).toBeCloseTo(c.newcombe[1] ?? 0, 12);
    } else expect(relative(result.p, c.welchP ?? 0)).toBeLessThan(1e-10);
  });

  it.each(reference.clusters.map((c, i) => ({ ...c, name: i })))("clusters, case $name", (c) => {
    const arms = c.pairs.map((pairs) => pairMomentsOf(pairs as [number, number][]));
    const result = only(compare({ kind: "clustered", arms }));
    expect(relative(result.p, c.p)).toBeLessThan(1e-9);
    expect(intervalError(result.difference, [c.difference, c.difference - c.half, c.difference + c.half])).toBeLessThan(
      1e-9,
    );
    const [low, high] = c.lift ?? [];
    if (result.lift.state === "bounded")
      expect([relative(result.lift.low, low ?? 0) < 1e-8, relative(result.lift.high, high ?? 0) < 1e-8]).toEqual([
        true,
        true,
      ]);
    expect(result.warnings).toEqual(c.pairs.some((pairs) => pairs.length < 30) ? ["few_clusters"] : []);
  });

  it("CUPED has the slope, the differences and the intervals of ANCOVA", () => {
    const { theta, comparisons } = reference.cuped;
    const arms = reference.cuped.arms.map(([y = [], x = []]) => pairMomentsOf(y.map((value, i) => [value, x[i] ?? 0])));
    const result = analyseMetric({ kind: "adjusted_mean", arms, role: "primary", direction: "increase" }, fixed);
    expect(relative(result.adjustment?.theta ?? null, theta)).toBeLessThan(1e-11);
    expect(result.adjustment?.varianceReduction).toBeGreaterThan(0.5);
    for (const [i, { difference, p, lift }] of comparisons.entries()) {
      const found = result.comparisons[i];
      expect(relative(found?.difference.estimate ?? null, difference)).toBeLessThan(1e-10);
      expect(relative(found?.p ?? null, p)).toBeLessThan(1e-9);
      if (found?.lift.state !== "bounded") throw new Error("It should be bounded.");
      expect(relative(found.lift.low, lift?.[0] ?? 0)).toBeLessThan(1e-8);
      expect(relative(found.lift.high, lift?.[1] ?? 0)).toBeLessThan(1e-8);
    }
    const [first, second, third] = arms;
    if (!(first && second && third)) throw new Error("There should be three arms.");
    const whole = pairMomentsOf(
      reference.cuped.arms.flatMap(([y = [], x = []]) => y.map((v, i) => [v, x[i] ?? 0] as const)),
    );
    const merged = mergePairMoments(mergePairMoments(first, second), third);
    for (const key of ["n", "meanY", "meanX", "yy", "xx", "xy"] as const)
      expect(relative(merged[key], whole[key])).toBeLessThan(1e-12);
  });

  it("Hillstrom's e-mail test: four primary tests, Holm", () => {
    const { arms: sizes, visits, conversions, p, holm: corrected } = reference.hillstrom;
    const metrics = [visits, conversions].map((counts): MetricInput => {
      const arms = sizes.map((n, i) => ({ n, converted: counts[i] ?? 0 }));
      return { kind: "conversion", arms, role: "primary", direction: "increase" };
    });
    const found = analyseMetrics(metrics, fixed).flatMap(({ comparisons }) => comparisons);
    expect(found.map(({ outcome }) => outcome)).toEqual(["better", "better", "better", "better"]);
    for (const [i, result] of found.entries()) {
      expect(relative(result.p, p[i] ?? 0)).toBeLessThan(1e-9);
      expect(relative(result.adjustedP, corrected[i] ?? 0)).toBeLessThan(1e-9);
    }
  });

  it("intervals of corrected tests have the level that their test was decided at", () => {
    const logs = [0.001, 0.02, 0.03, null, 0.2].map((p) => p && Math.log(p));
    expect(holm(logs, 0.05).map((c) => c?.level)).toEqual([0.05 / 4, 0.05 / 3, 0.05 / 3, undefined, 0.05 / 3]);
    expect(benjaminiHochberg(logs, 0.05).map((c) => c?.level)).toEqual([
      expect.closeTo(0.0375, 12),
      expect.closeTo(0.0375, 12),
      expect.closeTo(0.0375, 12),
      undefined,
      expect.closeTo(0.0375, 12),
    ]);
    expect(benjaminiHochberg([Math.log(0.5), Math.log(0.6)], 0.05)[0]?.level).toBe(0.025);
  });

  it("Holm and Benjamini-Hochberg", () => {
    const { p, holm: expected, bh } = reference.corrections;
    const logs = p.map(Math.log);
    expect(holm(logs, 0.05).map((c) => c?.adjustedP)).toEqual(expected.map((value) => expect.closeTo(value, 12)));
    expect(benjaminiHochberg(logs, 0.05).map((c) => c?.adjustedP)).toEqual(
      bh.map((value) => expect.closeTo(value, 12)),
    );
    expect(holm([null, Math.log(0.03)], 0.05)).toEqual([
      null,
      { kind: "holm", level: 0.05, adjustedP: expect.closeTo(0.03, 12) },
    ]);
  });
});

describe("sequences (reference/plans.py)", () => {
  it.each(plans.sequences)("$sides-sided at $n of $planned, alpha $alpha", (c) => {
    const sequence = { alpha: c.alpha, plannedUnits: c.planned, sides: c.sides as "one" | "two" };
    expect(relative(sequenceMultiplier(c.n, sequence, c.alpha), c.multiplier)).toBeLessThan(1e-12);
    expect(relative(logSequenceP(c.multiplier * 1.2, c.n, sequence), c.logP)).toBeLessThan(1e-11);
    expect(logSequenceP(c.multiplier, c.n, sequence)).toBeCloseTo(Math.log(c.alpha), 10);
  });

  it("costs 1.55 times the fixed width at the planned size", () => {
    const sequence = { alpha: 0.05, plannedUnits: 10_000, sides: "two" } as const;
    const widths = [1_000, 10_000, 100_000].map((n) => sequenceMultiplier(n, sequence, 0.05) / 1.959964);
    expect(widths.map((w) => Math.round(w * 100) / 100)).toEqual([1.97, 1.55, 1.65]);
  });

  it("is too wide by little when N* was chosen too small, by much when too large", () => {
    const sequence = { alpha: 0.05, plannedUnits: 10_000, sides: "two" } as const;
    const shares = [0.01, 0.1, 1 / 3, 1, 3, 10, 100];
    const widths = shares.map((share) => sequenceMultiplier(share * 10_000, sequence, 0.05) / 3.03515);
    expect(widths.map((w) => Math.round(w * 100) / 100)).toEqual([2.99, 1.27, 1.04, 1, 1.02, 1.07, 1.17]);
  });

  it("is the mixture SPRT with a normal mixture of variance rho^2 times a user's", () => {
    // Johari, Pekelis & Walsh: log L = log(V / (V + tau^2)) / 2 + tau^2 d^2 / (2 V (V + tau^2)), p = 1 / L.
    const rho2 = (-2 * Math.log(0.05) + Math.log(1 - 2 * Math.log(0.05))) / 5_000;
    for (const [n, d, unit] of [
      [400, 0.3, 4],
      [90_000, -0.02, 1.3],
    ] as const) {
      const [v, tau2] = [unit / n, rho2 * unit];
      const logL = 0.5 * Math.log(v / (v + tau2)) + (tau2 * d * d) / (2 * v * (v + tau2));
      const own = logSequenceP(d / Math.sqrt(v), n, { alpha: 0.05, plannedUnits: 5_000, sides: "two" });
      expect(own).toBeCloseTo(Math.min(0, -logL), 10);
      expect(logL).toBeGreaterThan(0);
    }
  });

  it("group boundaries are those of Lan and DeMets, and of Genz's rectangles", () => {
    const published = [4.877, 3.357, 2.68, 2.29, 2.031];
    const found = groupBoundaries([0.2, 0.4, 0.6, 0.8, 1], 0.05);
    expect(found.map((z) => Math.round(z * 1_000) / 1_000)).toEqual(published);
    expect(stoppingProbabilities([0.2, 0.4, 0.6, 0.8, 1], found, 0).at(-1)).toBeCloseTo(0.05, 9);
    for (const { fractions, alpha, boundaries } of plans.groups) {
      const own = groupBoundaries(fractions, alpha);
      for (const [i, z] of boundaries.entries()) expect(own[i]).toBeCloseTo(z, 5);
    }
  });

  it("the repeated p is the level whose boundary is z", () => {
    for (const [z, fractions] of [
      [2.5, [0.5, 1]],
      [3.4, [0.2, 0.4]],
      [7, [0.5, 1]],
      [1.1, [1]],
    ] as const) {
      const p = Math.exp(logGroupP(z, fractions));
      expect(groupBoundaries(fractions, p).at(-1)).toBeCloseTo(z, 7);
    }
    expect(Math.exp(logGroupP(1.1, [1]))).toBeCloseTo(0.27133, 4);
    expect(logGroupP(0, [0.5, 1])).toBe(0);
    expect(logGroupP(200, [0.5, 1])).toBe(-690);
    // One look is the normal test, at every level, those included from which the search starts.
    for (const level of [-500, -60, -20, -6, -3.2, -1.4, -0.15]) {
      expect(logGroupP(normalQuantileOfLog(level), [1]) / level).toBeCloseTo(1, 9);
    }
  });
});

describe("posterior (reference/plans.py)", () => {
  it.each(plans.posteriors)("lift $lift under prior $prior", (c) => {
    const [estimate = 0, standardError = 0] = c.lift;
    const [mean = 0, sd = 0] = c.prior;
    const found = posterior({ estimate, standardError }, { mean, sd }, { direction: "increase", alpha: 0.05 });
    expect(relative(found?.mean ?? null, c.mean)).toBeLessThan(1e-12);
    expect(relative(found?.sd ?? null, c.sd)).toBeLessThan(1e-12);
    expect(relative(found?.chanceToLose ?? null, Math.max(1e-300, c.chanceToLose))).toBeLessThan(1e-9);
    expect(found?.chanceToWin).toBeLessThan(1);
    if (c.lossOfShipping > 1e-250) expect(relative(found?.lossOfShipping ?? null, c.lossOfShipping)).toBeLessThan(1e-5);
  });

  it("refuses a flat prior", () => {
    const ask = () =>
      posterior({ estimate: 0, standardError: 1 }, { mean: 0, sd: 0 }, { direction: "increase", alpha: 0.05 });
    expect(ask).toThrow(RangeError);
  });
});
