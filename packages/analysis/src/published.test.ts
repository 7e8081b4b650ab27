import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { analyse } from "./analyse.ts";
import { arm, day, inputs, metric, planOf, share, shareSums } from "./fixtures.ts";
import type { AnalysisInputs } from "./result/snapshot.ts";

interface Published {
  variants: string[];
  plannedUnits: number;
  split: { chi2: number; p: number };
  metrics: Record<
    string,
    {
      arms: [number, number][];
      comparisons: {
        fixedP: number;
        p: number;
        adjustedP: number;
        level: number;
        difference: [number, number];
        lift: [number, number];
      }[];
    }
  >;
}

/** Made by `reference/published.py` from the published counts. */
const published = JSON.parse(readFileSync(new URL("../reference/published.json", import.meta.url), "utf8")) as Record<
  "cookieCats" | "hillstrom",
  Published
>;

function inputsOf({ variants, plannedUnits, metrics }: Published): AnalysisInputs {
  const roles = ["primary", "secondary"] as const;
  const plan = planOf(
    Object.keys(metrics).map((key, index) => metric(key, { role: roles[index] ?? "secondary" })),
    { arms: variants, plannedUnits },
  );
  const rows = variants.map((variant, index) => {
    const own = Object.entries(metrics).map(([key, { arms }]) => [key, arms[index] ?? [0, 0]] as const);
    return {
      whole: arm(variant, Object.fromEntries(own.map(([key, [n, converted]]) => [key, share(n, converted)]))),
      sums: Object.fromEntries(own.map(([key, [n, converted]]) => [key, shareSums(n, converted)])),
    };
  });
  const series = rows.map(({ whole: { variant, units }, sums }) => ({ at: day(0), variant, units, metrics: sums }));
  return inputs(plan, { variants: rows.map(({ whole }) => whole), series }, { status: "ended" });
}

/** Relative to the size of the expected number. */
function near(found: number | null | undefined, expected: number, precision = 1e-9): void {
  expect(Math.abs((found ?? Number.NaN) - expected)).toBeLessThan(precision * Math.abs(expected));
}

describe.each(["cookieCats", "hillstrom"] as const)("%s, as published", (name) => {
  const source = published[name];
  const own = inputsOf(source);

  it("has the split, p, corrections and intervals that scipy and statsmodels give", () => {
    const { split, metrics } = analyse(own);
    near(split.chi2, source.split.chi2);
    near(split.p, source.split.p);
    for (const { key, comparisons } of metrics) {
      for (const [index, { comparison }] of comparisons.entries()) {
        const expected = source.metrics[key]?.comparisons[index];
        if (!expected) throw new Error(`There is no reference of ${key}.`);
        near(comparison.p, expected.p);
        near(comparison.adjustedP, expected.adjustedP);
        for (const quantity of ["difference", "lift"] as const) {
          const interval = comparison[quantity];
          if (interval.state !== "bounded") throw new Error(`${key} should have an interval.`);
          near(interval.level, expected.level);
          near(interval.low, expected[quantity][0]);
          near(interval.high, expected[quantity][1]);
        }
      }
    }
    expect(metrics.flatMap(({ comparisons }) => comparisons)).toHaveLength(2 * (source.variants.length - 1));
  });

  it("has the p of a test that is read once", () => {
    const { metrics, asPlanned } = analyse(own, { method: "fixed" });
    expect(asPlanned).toBe(false);
    for (const { key, comparisons } of metrics) {
      for (const [index, { comparison }] of comparisons.entries()) {
        near(comparison.p, source.metrics[key]?.comparisons[index]?.fixedP ?? 0);
      }
    }
  });
});

describe("verdicts of published experiments", () => {
  it("Cookie Cats: the later gate loses players", () => {
    const { verdict } = analyse(inputsOf(published.cookieCats));
    expect(verdict).toMatchObject({ code: "roll_back", variant: "gate_40" });
    expect(verdict.sentence).toBe(
      "Roll back gate_40: day7 went down by 4.3 % (95 % interval −8.3 % to −0.2 %, p = 0.035).",
    );
    const ps = analyse(inputsOf(published.cookieCats), { method: "fixed" }).metrics.map(
      ({ comparisons }) => comparisons[0]?.comparison.p,
    );
    expect(ps.map((p) => Number(p?.toPrecision(2)))).toEqual([0.0016, 0.074]);
  });

  it("Hillstrom: both e-mails bring visits, the men's more", () => {
    const { verdict, metrics } = analyse(inputsOf(published.hillstrom));
    expect(verdict).toMatchObject({ code: "ship", variant: "mens" });
    expect(verdict.sentence).toMatch(/^Ship mens: visit went up by 72.1 % /);
    expect(metrics.map(({ comparisons }) => comparisons.map(({ comparison }) => comparison.outcome))).toEqual([
      ["better", "better"],
      ["better", "better"],
    ]);
  });
});
