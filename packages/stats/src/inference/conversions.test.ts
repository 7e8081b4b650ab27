import { describe, expect, it } from "vitest";
import type { Conversions } from "../arms/simple.ts";
import { type AnalysisSettings, analyseMetric } from "./analyse.ts";
import type { Comparison } from "./result.ts";

/** Welch, Fieller: mpmath 1.3 with 60 digits. */
const references = [
  {
    name: "Cookie Cats, back after 7 days (published p = 0.0016)",
    control: { n: 44_700, converted: 8_502 },
    treatment: { n: 45_489, converted: 8_279 },
    difference: [-0.008201298315205933, -0.013281677028691, -0.00312091960172087],
    lift: [-0.04311903489646027, -0.06890208640431394, -0.01663546365580709],
    p: 0.001556530181006611,
    verdict: "worse",
  },
  {
    name: "Cookie Cats, back after 1 day (published p = 0.074)",
    control: { n: 44_700, converted: 20_034 },
    treatment: { n: 45_489, converted: 20_119 },
    difference: [-0.005905169787341464, -0.01239259848823485, 0.0005822589135519243],
    lift: [-0.0131756558597466, -0.02745116108650845, 0.001308710149460893],
    p: 0.07441443713953803,
    verdict: "unclear",
  },
  {
    name: "rare conversions, where a delta interval would contradict the test",
    control: { n: 4_072, converted: 9 },
    treatment: { n: 2_035, converted: 29 },
    difference: [0.0120403981405946, 0.006688681681795731, 0.01739211459939348],
    lift: [5.447611247611248, 2.28104611304014, 18.20124563083758],
    p: 0.00001071087116137155,
    verdict: "better",
  },
  {
    name: "small samples with few degrees of freedom",
    control: { n: 12, converted: 6 },
    treatment: { n: 30, converted: 7 },
    difference: [-0.2666666666666667, -0.6248392525280773, 0.09150591919474396],
    lift: [-0.5333333333333333, -0.8738714396776948, 0.4388295693218676],
    p: 0.1348190391599353,
    verdict: "unclear",
  },
] as const;

function compareConversions(
  control: Conversions,
  treatment: Conversions,
  { alpha = 0.05, direction = "increase" as "increase" | "decrease" } = {},
): Comparison {
  const settings: AnalysisSettings = { method: { kind: "fixed" }, alpha };
  const metric = { kind: "conversion", arms: [control, treatment], role: "primary", direction } as const;
  const [first] = analyseMetric(metric, settings).comparisons;
  if (!first) throw new Error("There should be a comparison.");
  return first;
}

describe("conversions", () => {
  it.each(references)("$name", ({ control, treatment, difference, lift, p, verdict }) => {
    const result = compareConversions(control, treatment);
    expect(result).toMatchObject({ state: "ok", warnings: [], outcome: verdict });
    expect(result.p).toBeCloseTo(p, 12);
    if (result.difference.state !== "bounded" || result.lift.state !== "bounded") throw new Error("Both are bounded.");
    expect(result.difference.estimate).toBeCloseTo(difference[0], 13);
    expect(result.difference.low).toBeCloseTo(difference[1], 11);
    expect(result.difference.high).toBeCloseTo(difference[2], 11);
    expect(result.lift.estimate).toBeCloseTo(lift[0], 12);
    expect(result.lift.low).toBeCloseTo(lift[1], 10);
    expect(result.lift.high).toBeCloseTo(lift[2], 9);
  });

  it("Cookie Cats by a sequence is clear where N* was near the size that it had", () => {
    const { control, treatment } = references[0];
    const by = (plannedUnits: number) =>
      analyseMetric(
        { kind: "conversion", arms: [control, treatment], role: "primary", direction: "increase" },
        { method: { kind: "sequence", plannedUnits }, alpha: 0.05 },
      ).comparisons[0];
    // The README's numbers: exp(log(q + 1) / 2 - q z^2 / (2 (q + 1))), z = 3.1641, q = 7.9362 n / N* (mpmath).
    expect(by(10_000)).toMatchObject({ p: expect.closeTo(0.06116, 5), outcome: "unclear" });
    expect(by(30_000)).toMatchObject({ p: expect.closeTo(0.04086, 5), outcome: "worse" });
    expect(by(90_000)).toMatchObject({ p: expect.closeTo(0.03507, 5), outcome: "worse" });
    expect(by(900_000)).toMatchObject({ p: expect.closeTo(0.14591, 5), outcome: "unclear" });
  });

  it("turns the outcome for metrics that should decrease", () => {
    const [control, treatment] = [
      { n: 1_000, converted: 100 },
      { n: 1_000, converted: 200 },
    ];
    expect(compareConversions(control, treatment).outcome).toBe("better");
    expect(compareConversions(control, treatment, { direction: "decrease" }).outcome).toBe("worse");
  });

  it("says when the lift is not bounded", () => {
    const result = compareConversions({ n: 500, converted: 6 }, { n: 500, converted: 9 }, { alpha: 0.001 });
    expect(result).toMatchObject({ state: "ok", lift: { state: "unbounded" }, outcome: "unclear" });
  });

  it("uses Newcombe's interval below 5 conversions", () => {
    // Newcombe 1998, Table II, method 10: 5/56 - 0/29 = 0.0893 (-0.0381, 0.1926).
    const result = compareConversions({ n: 29, converted: 0 }, { n: 56, converted: 5 });
    expect(result).toMatchObject({ state: "ok", warnings: ["few_conversions"] });
    expect(result.difference).toMatchObject({ low: expect.closeTo(-0.0381, 4), high: expect.closeTo(0.1926, 4) });
    expect(result.lift).toEqual({ state: "unknown", reason: "zero_baseline", estimate: null });
  });

  it("names what cannot be known", () => {
    expect(compareConversions({ n: 0, converted: 0 }, { n: 10, converted: 1 })).toMatchObject({
      state: "no_data",
      p: null,
      difference: { state: "unknown", reason: "no_data", estimate: null },
      outcome: "unknown",
      control: { n: 0, value: null },
    });
    for (const converted of [0, 100]) {
      const same = compareConversions({ n: 100, converted }, { n: 100, converted });
      expect(same).toMatchObject({ state: "zero_variance", p: null, outcome: "unknown" });
      expect(same.difference).toMatchObject({ state: "bounded", estimate: 0 });
    }
    expect(compareConversions({ n: 3, converted: 4 }, { n: 10, converted: 1 }).state).toBe("impossible");
    expect(() => compareConversions({ n: 1, converted: 1 }, { n: 1, converted: 1 }, { alpha: 1 })).toThrow(RangeError);
  });
});
