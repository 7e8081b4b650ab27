import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AnalysisSettings, analyseMetric, analyseMetrics, type MetricInput } from "./analyse.ts";
import type { Method } from "./method.ts";

const methods: Method[] = [
  { kind: "fixed" },
  { kind: "sequence", plannedUnits: 4_000 },
  { kind: "group", fractions: [0.5, 1] },
];
const shares = (control: number, treatment: number, more: Partial<MetricInput> = {}) =>
  ({
    kind: "conversion",
    role: "primary",
    direction: "increase",
    arms: [
      { n: 2_000, converted: control },
      { n: 2_000, converted: treatment },
    ],
    ...more,
  }) as MetricInput;

function read(metric: MetricInput, settings: Partial<AnalysisSettings> = {}) {
  const [found] = analyseMetric(metric, {
    method: { kind: "fixed" },
    alpha: 0.05,
    sides: "one",
    ...settings,
  }).comparisons;
  if (found?.difference.state !== "bounded") throw new Error("There should be an interval.");
  return { ...found, difference: found.difference };
}

describe("a one-sided test of primary metrics", () => {
  it("has all of the error level on the good side: what p = 0.07 of two sides does not find, p = 0.035 does", () => {
    const [two, one] = [read(shares(400, 446), { sides: "two" }), read(shares(400, 446))];
    expect([two.outcome, one.outcome]).toEqual(["unclear", "better"]);
    expect(one.p).toBeCloseTo((two.p ?? Number.NaN) / 2, 12);
    // Each end is a bound at 5 %: both together are the interval of 90 %.
    const wide = read(shares(400, 446), { sides: "two", alpha: 0.1 });
    expect(one.difference.low).toBeCloseTo(wide.difference.low, 12);
    expect(one.difference.high).toBeCloseTo(wide.difference.high, 12);
    expect(one.difference.level).toBeCloseTo(0.9, 12);
  });

  it.each(methods)("never finds a primary metric worse, and its interval keeps 0 ($kind)", (method) => {
    const found = read(shares(400, 200), { method });
    expect(found.outcome).toBe("unclear");
    expect(found.p).toBeGreaterThan(0.5);
    expect(found.difference.high).toBe(0);
    expect(read(shares(400, 200), { method, sides: "two" }).outcome).toBe("worse");
  });

  it.each(methods)("finds the good direction of a metric that should fall ($kind)", (method) => {
    expect(read(shares(400, 200, { direction: "decrease" }), { method }).outcome).toBe("better");
    expect(read(shares(200, 400, { direction: "decrease" }), { method }).outcome).toBe("unclear");
  });

  it("leaves secondary metrics and guardrails as they are", () => {
    const roles = ["secondary", "guardrail"] as const;
    const metrics = roles.map((role) => shares(400, 200, { role }));
    const ask = (sides: "one" | "two") => analyseMetrics(metrics, { method: { kind: "fixed" }, alpha: 0.05, sides });
    expect(ask("one")).toEqual(ask("two"));
    expect(ask("one").map(({ comparisons }) => comparisons[0]?.outcome)).toEqual(["worse", "worse"]);
  });

  it("waits longer for skewed values, as no other tail takes its error away", () => {
    const arms = [
      { n: 9_000, mean: 3, m2: 2_700_000 },
      { n: 1_000, mean: 3, m2: 300_000 },
    ];
    const metric = { kind: "mean", role: "primary", direction: "increase", tails: { skewness: 3, reach: null }, arms };
    const ask = (sides: "one" | "two") =>
      analyseMetric(metric as MetricInput, { method: { kind: "fixed" }, alpha: 0.05, sides }).comparisons[0]?.state;
    expect([ask("two"), ask("one")]).toEqual(["ok", "too_skewed"]);
  });

  it("p, interval and outcome come together", () => {
    const arm = fc.record({ n: fc.constant(2_000), converted: fc.integer({ min: 0, max: 2_000 }) });
    const alpha = fc.constantFrom(0.001, 0.05, 0.3, 0.5, 0.9);
    const direction = fc.constantFrom("increase" as const, "decrease" as const);
    fc.assert(
      fc.property(
        fc.array(arm, { minLength: 2, maxLength: 4 }),
        fc.constantFrom(...methods),
        alpha,
        direction,
        (arms, method, alpha, direction) => {
          const metric: MetricInput = { kind: "conversion", role: "primary", direction, arms };
          for (const { comparisons } of analyseMetrics([metric, metric], {
            method,
            alpha,
            sides: "one",
            correct: false,
          })) {
            for (const { adjustedP, outcome, difference } of comparisons) {
              if (difference.state !== "bounded") continue;
              const excludes = difference.low > 0 || difference.high < 0;
              expect(outcome === "better").toBe(excludes);
              expect(outcome).not.toBe("worse");
              if (alpha <= 0.5 && adjustedP !== null) expect(excludes).toBe(adjustedP < alpha);
            }
          }
        },
      ),
    );
  });
});
