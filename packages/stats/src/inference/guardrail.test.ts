import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AnalysisSettings, analyseMetric, analyseMetrics, type MetricInput } from "./analyse.ts";
import type { Comparison } from "./result.ts";
import { runningResult } from "./running.ts";

const sequence: AnalysisSettings = { method: { kind: "sequence", plannedUnits: 40_000 }, alpha: 0.05 };
const fixed: AnalysisSettings = { method: { kind: "fixed" }, alpha: 0.05, guardrailUnits: 40_000 };

type Own = Omit<Extract<MetricInput, { kind: "conversion" }>, "kind" | "role" | "arms">;

function share(counts: readonly [n: number, converted: number][], own: Own, how: AnalysisSettings): Comparison {
  const arms = counts.map(([n, converted]) => ({ n, converted }));
  const [found] = analyseMetric({ kind: "conversion", role: "guardrail", arms, ...own }, how).comparisons;
  if (!found) throw new Error("There should be a comparison.");
  return found;
}

function endsOf({ difference }: Comparison): { low: number; high: number } {
  if (difference.state !== "bounded") throw new Error(`There should be ends, not ${difference.state}.`);
  return difference;
}

function expectAgreement({ outcome, adjustedP, difference, lift }: Comparison, own: string, alpha: number) {
  const isFound = outcome === "better" || outcome === "worse";
  expect(isFound).toBe(adjustedP !== null && adjustedP < alpha);
  for (const interval of [difference, lift]) {
    if (interval.state !== "bounded" && interval.state !== "one_sided") continue;
    const { low, high } = interval;
    const [isUp, isDown] = [low !== null && low > 0, high !== null && high < 0];
    expect(isFound).toBe(isUp || isDown);
    if (isFound) expect(outcome === "worse").toBe(own === "decrease" ? isUp : isDown);
  }
}

const counts = fc
  .integer({ min: 20, max: 50_000 })
  .chain((n) => fc.tuple(fc.constant(n), fc.integer({ min: 0, max: n })));
const direction = fc.constantFrom("increase" as const, "decrease" as const);
const how = fc.constantFrom(sequence, fixed, { ...sequence, guardrailTests: 30 }, { ...fixed, alpha: 0.2 });

describe("guardrails have two one-sided ends", () => {
  it("p, outcome and ends agree: worse beyond the harm end, better beyond the other", { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(counts, counts, direction, how, (control, treatment, own, settings) => {
        const found = share([control, treatment], { direction: own }, settings);
        if (found.state !== "ok" || found.adjustedP === null) return;
        const { low, high } = endsOf(found);
        const isFound = found.outcome === "better" || found.outcome === "worse";
        expect(isFound).toBe(found.adjustedP < settings.alpha);
        expect(isFound).toBe(low > 0 || high < 0);
        if (isFound) expect(found.outcome === "worse").toBe(own === "decrease" ? low > 0 : high < 0);
      }),
      { numRuns: 500 },
    );
  });

  it("with arms of unlike shares and tails too, where one end may be missing", { timeout: 60_000 }, () => {
    const states = new Set<string>();
    const arm = fc.tuple(fc.constantFrom(500, 9_500), fc.double({ min: -1, max: 1, noNaN: true }));
    const skewness = fc.constantFrom(0.1, 1, 2, 3, 5, 8, 30);
    fc.assert(
      fc.property(arm, arm, skewness, direction, how, ([n, a], [m, b], size, own, settings) => {
        const arms = [
          { n, mean: 20 + a, m2: n * 100 },
          { n: m, mean: 20 + b, m2: m * 100 },
        ];
        const tails = { skewness: size, reach: null };
        const metric = { kind: "mean", role: "guardrail", direction: own, arms, tails } as const;
        const [found] = analyseMetric(metric, settings).comparisons;
        if (!found || found.adjustedP === null) return;
        expectAgreement(found, own, settings.alpha);
        states.add(found.difference.state);
      }),
      { numRuns: 500 },
    );
    expect([...states].toSorted()).toEqual(["bounded", "one_sided"]);
  });

  it("harm is found by its own end while the other is not borne, and says what the other waits for", () => {
    const at = (mean: number) => {
      const arms = [20, mean].map((own, index) => ({
        n: index ? 500 : 9_500,
        mean: own,
        m2: 100 * (index ? 499 : 9_499),
      }));
      const tails = { skewness: 3, reach: null };
      const own = { kind: "mean", role: "guardrail", direction: "increase", arms, tails } as const;
      return analyseMetric(own, fixed).comparisons[0];
    };
    const harm = at(17);
    expect(harm).toMatchObject({ state: "ok", outcome: "worse", difference: { state: "one_sided", low: null } });
    expect(harm).toMatchObject({ lift: { state: "one_sided", low: null } });
    expect(harm?.needs).toBeGreaterThan(10_000);
    expect(at(23)).toMatchObject({ outcome: "unclear", p: 1, difference: { state: "one_sided", low: null } });
  });

  it("a quantile's harm is found where its two limits were read, whatever the others are", () => {
    const bound = (low: number | null, high: number | null) => [{ z: 8, low, high }];
    const arms = [
      { n: 5_000, value: 100, lower: 98, upper: 102, bounds: bound(null, 110) },
      { n: 5_000, value: 200, lower: 198, upper: 202, bounds: bound(190, null) },
    ];
    const own = { kind: "quantile", level: 0.9, role: "guardrail", direction: "decrease", arms } as const;
    const [found] = analyseMetric(own, sequence).comparisons;
    expect(found).toMatchObject({ outcome: "worse", needs: null, difference: { state: "one_sided", high: null } });
    expect(found).toMatchObject({ lift: { state: "one_sided", low: expect.any(Number), high: null } });
    const [turned] = analyseMetric({ ...own, direction: "increase" }, sequence).comparisons;
    expect(turned).toMatchObject({ outcome: "better", difference: { state: "one_sided", high: null } });
  });

  it("two looks of which each knew one end leave an interval with both", () => {
    const [found] = analyseMetric(
      {
        ...metric([
          [5_000, 500],
          [5_000, 500],
        ]),
        direction: "increase",
      },
      sequence,
    ).comparisons;
    if (found?.difference.state !== "bounded" || found.lift.state !== "bounded")
      throw new Error("There should be ends.");
    const only = (side: "low" | "high"): Comparison => ({
      ...found,
      needs: 7,
      difference: { ...found.difference, state: "one_sided", [side]: null } as Comparison["difference"],
      lift: { ...found.lift, state: "one_sided", [side]: null } as Comparison["lift"],
    });
    const { difference, lift } = found;
    expect(runningResult(only("low"), only("high"))).toMatchObject({ difference, lift, needs: null });
    expect(runningResult(only("low"), only("low"))).toMatchObject({ difference: { state: "one_sided" }, needs: 7 });
  });

  it("the direction turned round, the arms' difference is judged the other way", () => {
    const own = [
      [5_000, 500],
      [5_000, 700],
    ] as [number, number][];
    expect(share(own, { direction: "increase" }, sequence).outcome).toBe("better");
    expect(share(own, { direction: "decrease" }, sequence).outcome).toBe("worse");
  });

  it("only the harm end pays for the number of claims, the other is alpha's by the plan's method", () => {
    const own = [
      [20_000, 2_000],
      [20_000, 2_000],
    ] as [number, number][];
    const [one, thirty] = [1, 30].map((guardrailTests) =>
      endsOf(
        analyseMetrics([{ ...metric(own), direction: "increase" }], { ...fixed, guardrailTests })[0]?.comparisons[0] ??
          share(own, { direction: "increase" }, fixed),
      ),
    );
    expect(thirty?.low).toBe(one?.low);
    expect(thirty?.high).toBeGreaterThan(one?.high ?? 1);
    // One-sided 5 % of the fixed plan: 1.645 standard errors of sqrt(2 * 0.1 * 0.9 / 20,000) = 0.003.
    expect(one?.low).toBeCloseTo(-1.6449 * 0.003, 5);
    expect(-(one?.high ?? 0) / (one?.low ?? 1)).toBeGreaterThan(1.6);
  });

  it("Bonferroni over guardrails and treatments where no number is given", () => {
    const worse = [
      [5_000, 500],
      [5_000, 420],
      [5_000, 500],
      [5_000, 500],
    ] as [number, number][];
    const found = analyseMetrics(
      Array.from({ length: 4 }, () => ({ ...metric(worse), direction: "increase" as const })),
      sequence,
    );
    const harm = found[0]?.comparisons[0];
    expect(harm?.correction).toBe("bonferroni");
    expect(harm?.adjustedP).toBeCloseTo(Math.min(1, 12 * (harm?.p ?? 0)), 12);
  });
});

function metric(own: readonly [number, number][]) {
  return {
    kind: "conversion" as const,
    role: "guardrail" as const,
    arms: own.map(([n, converted]) => ({ n, converted })),
  };
}

describe("inputs that were taken for fine", () => {
  it("errors from 0 of 20,000 to 1,000 of 20,000 are harm, whose lift is unknown", () => {
    const found = share(
      [
        [20_000, 0],
        [20_000, 1_000],
      ],
      { direction: "decrease" },
      sequence,
    );
    expect(found).toMatchObject({ outcome: "worse", lift: { state: "unknown", reason: "zero_baseline" } });
    expect(endsOf(found).low).toBeGreaterThan(0.04);
  });

  it("net revenue from 0.02 to -2 is harm, whose lift has no ends", () => {
    const arms = [0.02, -2].map((mean) => ({ n: 500, mean, m2: 500 * 25 }));
    const own = { kind: "mean", role: "guardrail", direction: "increase", arms } as const;
    const [found] = analyseMetric(own, sequence).comparisons;
    expect(found).toMatchObject({ outcome: "worse", lift: { state: "unbounded" } });
  });

  it.each([
    ["no data in the treatment", [1_000, 0], "no_data"],
    ["none in both", [0, 0], "no_data"],
  ] as const)("%s is a state, not safety", (_, [control, treatment], state) => {
    const found = share(
      [
        [control, 0],
        [treatment, 0],
      ],
      { direction: "decrease" },
      sequence,
    );
    expect(found).toMatchObject({ state, outcome: "unknown", difference: { state: "unknown" } });
  });

  it("no errors in either arm: no p, but an interval that shows how few there can be", () => {
    const found = share(
      [
        [20_000, 0],
        [20_000, 0],
      ],
      { direction: "decrease" },
      sequence,
    );
    expect(found).toMatchObject({ state: "zero_variance", outcome: "unknown", p: null });
    expect(endsOf(found).high).toBeLessThan(0.002);
  });
});
