import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { analyseMetric, analyseMetrics, type MetricInput, type Settings } from "./analyse.ts";
import type { Comparison } from "./result.ts";

const sequence: Settings = { method: { kind: "sequence", plannedUnits: 40_000 }, alpha: 0.05 };
const fixed: Settings = { method: { kind: "fixed" }, alpha: 0.05, guardrailUnits: 40_000 };

type Own = Omit<Extract<MetricInput, { kind: "conversion" }>, "kind" | "role" | "arms">;

function share(counts: readonly [n: number, converted: number][], own: Own, how: Settings): Comparison {
  const arms = counts.map(([n, converted]) => ({ n, converted }));
  const [found] = analyseMetric({ kind: "conversion", role: "guardrail", arms, ...own }, how).comparisons;
  if (!found) throw new Error("There should be a comparison.");
  return found;
}

function endsOf({ difference }: Comparison): { low: number; high: number } {
  if (difference.state !== "bounded") throw new Error(`There should be ends, not ${difference.state}.`);
  return difference;
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
