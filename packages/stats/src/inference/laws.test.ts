import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { MetricArms } from "../arms/metric.ts";
import { type AnalysisSettings, analyseMetric, analyseMetrics, type MetricInput } from "./analyse.ts";
import { benjaminiHochberg, holm } from "./formulas/corrections.ts";
import type { Comparison, Interval } from "./result.ts";
import { runningResult } from "./running.ts";

const edges = [0, 1, -1, 0.1, 1e-300, 5e-324, 1e300, -1e308, 1e12, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53];
const hostile = fc.oneof(fc.constantFrom(...edges), fc.double(), fc.integer({ min: -3, max: 200 }));
const size = fc.oneof(fc.integer({ min: 0, max: 400 }), hostile);
const conversions = fc.record({ n: size, converted: size });
const moments = fc.record({ n: size, mean: hostile, m2: hostile });
const pairs = fc.record({ n: size, meanY: hostile, meanX: hostile, yy: hostile, xx: hostile, xy: hostile });
const products = fc.record({
  yy: hostile,
  yx: hostile,
  yy0: hostile,
  yx0: hostile,
  xx: hostile,
  xy0: hostile,
  xx0: hostile,
  y0y0: hostile,
  y0x0: hostile,
  x0x0: hostile,
});
const withPrior = fc.record({
  n: size,
  means: fc.record({ y: hostile, x: hostile, y0: hostile, x0: hostile }),
  products,
});
const end = fc.option(hostile);
const bounds = fc.array(fc.record({ z: hostile, low: end, high: end }), { maxLength: 4 });
const reading = fc.record(
  { n: size, value: hostile, lower: hostile, upper: hostile, bounds, inside: pairs },
  { requiredKeys: ["n", "value", "lower", "upper"] },
);
const list = <T>(arm: fc.Arbitrary<T>) => fc.array(arm, { minLength: 0, maxLength: 4 });

const hostileMetric: fc.Arbitrary<MetricArms> = fc.oneof(
  fc.record({ kind: fc.constant("conversion" as const), arms: list(conversions) }),
  fc.record({ kind: fc.constant("mean" as const), arms: list(moments) }),
  fc.record({ kind: fc.constantFrom("ratio" as const, "clustered" as const), arms: list(pairs) }),
  fc.record({ kind: fc.constant("adjusted_mean" as const), arms: list(pairs) }),
  fc.record({ kind: fc.constant("adjusted_ratio" as const), arms: list(withPrior) }),
  fc.record({ kind: fc.constant("quantile" as const), level: fc.constantFrom(0.01, 0.5, 0.99), arms: list(reading) }),
);

/** Moments as data have them: the laws below are about answers, and these have some. */
const soundCounts = fc
  .integer({ min: 2, max: 3_000 })
  .chain((n) => fc.record({ n: fc.constant(n), converted: fc.integer({ min: 0, max: n }) }));
const spread = fc.double({ min: 0.001, max: 1e6, noNaN: true });
const middle = fc.double({ min: -50, max: 50, noNaN: true });
const soundMoments = fc.record({ n: fc.integer({ min: 2, max: 5_000 }), mean: middle, m2: spread });
const soundPairs = fc
  .record({
    n: fc.integer({ min: 3, max: 5_000 }),
    meanY: middle,
    meanX: fc.double({ min: 0.5, max: 9, noNaN: true }),
    yy: spread,
    xx: spread,
    r: fc.double({ min: -0.99, max: 0.99, noNaN: true }),
  })
  .map(({ r, ...pair }) => ({ ...pair, xy: r * Math.sqrt(pair.yy * pair.xx) }));
/** A ratio, and before it one that its numerator follows. */
const soundRatios = fc
  .record({ now: soundPairs, before: soundPairs, r: fc.double({ min: -0.9, max: 0.9, noNaN: true }) })
  .map(({ now, before, r }) => ({
    n: now.n,
    means: { y: now.meanY, x: now.meanX, y0: before.meanY, x0: before.meanX },
    products: {
      yy: now.yy,
      yx: 0,
      yy0: r * Math.sqrt(now.yy * before.yy),
      yx0: 0,
      xx: now.xx,
      xy0: 0,
      xx0: 0,
      y0y0: before.yy,
      y0x0: 0,
      x0x0: before.xx,
    },
  }));
/** With values at one level only, or at more that rise outwards, some of them repeating. */
const soundReading = fc
  .record({
    n: fc.integer({ min: 400, max: 5_000 }),
    value: middle,
    below: spread,
    above: spread,
    steps: fc.array(fc.tuple(fc.double({ min: 0.1, max: 2, noNaN: true }), fc.nat(2)), { maxLength: 5 }),
  })
  .map(({ n, value, below, above, steps }) => {
    let [z, reach] = [0, 0];
    const bounds = steps.map(([step, farther]) => {
      z += step;
      reach += farther;
      return { z, low: value - reach * below, high: value + reach * above };
    });
    // Farther out than any test asks for: what was not read is a state, and no answer.
    if (steps.length > 0) bounds.push({ z: 60, low: value - (reach + 9) * below, high: value + (reach + 9) * above });
    return { n, value, lower: value - below, upper: value + above, bounds };
  });
const few = { minLength: 2, maxLength: 4 };
const soundMetric: fc.Arbitrary<MetricArms> = fc.oneof(
  fc.record({ kind: fc.constant("conversion" as const), arms: fc.array(soundCounts, few) }),
  fc.record({ kind: fc.constant("mean" as const), arms: fc.array(soundMoments, few) }),
  fc.record({
    kind: fc.constantFrom("ratio" as const, "clustered" as const, "adjusted_mean" as const),
    arms: fc.array(soundPairs, few),
  }),
  fc.record({ kind: fc.constant("adjusted_ratio" as const), arms: fc.array(soundRatios, few) }),
  fc.record({ kind: fc.constant("quantile" as const), level: fc.constant(0.9), arms: fc.array(soundReading, few) }),
);

const role = fc.constantFrom("primary" as const, "secondary" as const, "guardrail" as const);
const direction = fc.constantFrom("increase" as const, "decrease" as const);
const input = (metric: fc.Arbitrary<MetricArms>): fc.Arbitrary<MetricInput> =>
  fc.tuple(metric, role, direction).map(([arms, r, d]) => ({ ...arms, role: r, direction: d }));
const tails = fc.record({ skewness: fc.option(hostile), reach: fc.option(hostile) });
const clock = fc.array(fc.option(fc.oneof(fc.record({ unitVariance: hostile }), fc.record({ growth: hostile }))), {
  maxLength: 3,
});
const hostileInput: fc.Arbitrary<MetricInput> = fc
  .tuple(input(hostileMetric), fc.option(tails), fc.option(clock))
  .map(([metric, t, c]) => ({ ...metric, ...(t ? { tails: t } : {}), ...(c ? { clock: c } : {}) }));
const settings: fc.Arbitrary<AnalysisSettings> = fc.record({
  method: fc.oneof(
    fc.constant({ kind: "fixed" as const }),
    fc.integer({ min: 10, max: 100_000 }).map((plannedUnits) => ({ kind: "sequence" as const, plannedUnits })),
  ),
  alpha: fc.constantFrom(0.001, 0.01, 0.05, 0.2),
  prior: fc.constantFrom({ mean: 0, sd: 0.1 }, { mean: 0.01, sd: 1e-8 }),
});

function numbersIn(value: unknown): number[] {
  if (typeof value === "number") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}

function excludesZero(interval: Interval): boolean | null {
  if (interval.state !== "bounded" && interval.state !== "one_sided") return null;
  return (interval.low !== null && interval.low > 0) || (interval.high !== null && interval.high < 0);
}

/** Did an end lie on the wrong side of 0, so that it was put beside it? */
function isMoved(interval: Interval): boolean {
  if (interval.state !== "bounded") return false;
  const [low, high] = [Math.abs(interval.low), Math.abs(interval.high)];
  return Math.min(low, high) <= Number.MIN_VALUE && Math.max(low, high) > 1e-200;
}

function expectAgreement(result: Comparison, alpha: number, exact = false): void {
  const found = result.outcome === "better" || result.outcome === "worse";
  if (result.adjustedP === null) expect(result.outcome).toBe("unknown");
  else expect(found).toBe(result.adjustedP < alpha);
  for (const interval of [result.difference, result.lift]) expect(excludesZero(interval) ?? found).toBe(found);
  // Ends are moved across 0 by rounding only: an interval of the wrong level would be moved by more.
  const tie = result.adjustedP !== null && Math.abs(result.adjustedP / alpha - 1) < 1e-6;
  if (exact && !tie) for (const interval of [result.difference, result.lift]) expect(isMoved(interval)).toBe(false);
  if (result.p !== null && result.adjustedP !== null) expect(result.adjustedP).toBeGreaterThanOrEqual(result.p);
}

/** Is something of it missing that more units bring? */
const isPartly = ({ state, difference }: Comparison) => state === "too_skewed" || difference.state === "one_sided";

describe("laws of every method and metric kind", () => {
  it("never answers NaN, Infinity or a p of 0, whatever comes in", { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(fc.array(hostileInput, { maxLength: 3 }), settings, (metrics, how) => {
        const results = analyseMetrics(metrics, how);
        expect(numbersIn(results).every(Number.isFinite)).toBe(true);
        for (const result of results.flatMap(({ comparisons }) => comparisons)) {
          for (const p of [result.p, result.adjustedP]) if (p !== null) expect(p > 0 && p <= 1).toBe(true);
          expect(result.state === "ok" || result.p === null).toBe(true);
          expect(result.needs === null || (isPartly(result) && result.needs > 0)).toBe(true);
          expectAgreement(result, how.alpha);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it("p, intervals and outcome agree, corrected or not, and estimates lie inside", { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(fc.array(input(soundMetric), { minLength: 1, maxLength: 4 }), settings, (metrics, how) => {
        for (const result of analyseMetrics(metrics, how).flatMap(({ comparisons }) => comparisons)) {
          expectAgreement(result, how.alpha, true);
          for (const interval of [result.difference, result.lift]) {
            if (interval.state !== "bounded") continue;
            const slack = 1e-9 * (interval.high - interval.low) + 1e-300;
            expect(interval.estimate).toBeGreaterThanOrEqual(interval.low - slack);
            expect(interval.estimate).toBeLessThanOrEqual(interval.high + slack);
          }
        }
      }),
      { numRuns: 400 },
    );
  });

  it("corrects by role over metrics of all kinds and arms, claims of harm by Bonferroni", { timeout: 60_000 }, () => {
    const metrics = fc.array(input(soundMetric), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(metrics, settings, (family, how) => {
        const found = analyseMetrics(family, how);
        for (const [r, correct] of [
          ["primary", holm],
          ["secondary", benjaminiHochberg],
        ] as const) {
          const own = found.filter((_, index) => family[index]?.role === r).flatMap(({ comparisons }) => comparisons);
          const corrected = correct(
            own.map(({ logP }) => logP),
            how.alpha,
          );
          expect(own.map(({ adjustedP }) => adjustedP)).toEqual(corrected.map((one) => one?.adjustedP ?? null));
        }
        const guards = found.flatMap(({ comparisons }, index) => {
          const metric = family[index];
          return metric?.role === "guardrail" ? comparisons.map((own) => ({ own, direction: metric.direction })) : [];
        });
        for (const { own, direction } of guards) {
          if (own.p === null || own.adjustedP === null) continue;
          const isHarm = (own.difference.estimate ?? 0) > 0 === (direction === "decrease");
          expect(own.adjustedP).toBe(
            isHarm && own.difference.estimate !== 0 ? Math.min(1, own.p * guards.length) : own.p,
          );
        }
        // Each metric's own numbers are what they are alone.
        const alone = family.map((metric) => analyseMetric(metric, how).comparisons.map(({ logP }) => logP));
        expect(found.map(({ comparisons }) => comparisons.map(({ logP }) => logP))).toEqual(alone);
      }),
      { numRuns: 300 },
    );
  });

  it("holds for group sequential looks as well", () => {
    const fractions = fc.constantFrom([1], [0.5], [0.5, 1], [0.2, 0.7]);
    fc.assert(
      fc.property(fc.array(input(soundMetric), { minLength: 1, maxLength: 2 }), fractions, (metrics, looks) => {
        const how: AnalysisSettings = { method: { kind: "group", fractions: looks }, alpha: 0.05 };
        for (const result of analyseMetrics(metrics, how).flatMap(({ comparisons }) => comparisons)) {
          expectAgreement(result, how.alpha, true);
        }
      }),
      { numRuns: 15 },
    );
  });

  it("swapping the arms negates the difference and keeps p", () => {
    fc.assert(
      fc.property(soundMoments, soundMoments, (a, b) => {
        const ask = (arms: (typeof a)[]) =>
          analyseMetric(
            { kind: "mean", arms, role: "primary", direction: "increase" },
            { method: { kind: "fixed" }, alpha: 0.05 },
          ).comparisons[0];
        const [there, back] = [ask([a, b]), ask([b, a])];
        if (there?.difference.state !== "bounded" || back?.difference.state !== "bounded")
          throw new Error("Both are bounded.");
        expect(back.logP).toBeCloseTo(there.logP ?? 0, 9);
        const width = there.difference.high - there.difference.low;
        expect(Math.abs(back.difference.low + there.difference.high) / width).toBeLessThan(1e-9);
      }),
      { numRuns: 200 },
    );
  });

  it("a running result keeps what was found, and never contradicts itself", () => {
    const looks = fc.array(fc.tuple(soundMoments, soundMoments), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(looks, role, direction, (series, r, d) => {
        let running: Comparison | null = null;
        const how: AnalysisSettings = { method: { kind: "sequence", plannedUnits: 2_000 }, alpha: 0.05 };
        for (const arms of series) {
          const [now] = analyseMetric({ kind: "mean", arms, role: r, direction: d }, how).comparisons;
          if (!now) throw new Error("There should be a comparison.");
          const before: Comparison | null = running;
          running = runningResult(before, now);
          expectAgreement(running, 0.05);
          expect(numbersIn(running).every(Number.isFinite)).toBe(true);
          if (before?.p && running.p) expect(running.p).toBeLessThanOrEqual(before.p);
        }
      }),
      { numRuns: 500 },
    );
  });
});
