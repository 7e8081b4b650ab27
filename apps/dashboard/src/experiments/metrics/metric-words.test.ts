import { describe, expect, it } from "vitest";
import { arm, comparison, metric, plain } from "../fixtures.ts";
import { effectOf, effectWriter, extents, smallestEffect } from "./effects.ts";
import {
  adjustmentWords,
  beliefWords,
  capWords,
  countWords,
  describeP,
  detectableWords,
  powerWords,
  termsWords,
  valueWords,
  warningWords,
} from "./metric-words.ts";

const euro = { style: "currency" as const, unit: "EUR" };

describe("p-values", () => {
  it("are read raw and corrected", () => {
    const holm = comparison({ adjustedP: 0.036, correction: "holm" });
    expect(describeP(holm)).toEqual({ raw: "p 0.012", corrected: "0.036 corrected", by: "Holm" });
    expect(describeP(comparison())?.corrected).toBeNull();
    expect(describeP(comparison({ p: 1e-9 }))?.raw).toBe("p < 0.0001");
    expect(describeP(comparison({ p: null }))).toBeNull();
  });
});

describe("beliefs", () => {
  const posterior = { mean: 0.014, sd: 0.006, low: 0.001, high: 0.027, level: 0.95 };

  it("are chances and losses, never certain and never called p", () => {
    const words = beliefWords(
      comparison({
        posterior: {
          ...posterior,
          chanceToWin: 1 - 1e-15,
          chanceToLose: 1e-15,
          lossOfShipping: 1e-12,
          lossOfKeeping: 0.0141,
        },
      }),
    );
    expect(plain(words?.chance)).toBe("> 99.99 %");
    expect(plain(words?.losses)).toBe("under 0.01 % of lift by shipping, 1.41 % by keeping the control");
    expect(plain(words?.lift)).toBe("+1.4 %, 95 % of the belief from +0.1 % to +2.7 %");
    expect(Object.values(words ?? {}).join(" ")).not.toMatch(/\bp\b/);
    expect(beliefWords(comparison())).toBeNull();
  });
});

describe("what lies behind a metric", () => {
  it("says what it could find", () => {
    expect(plain(detectableWords({ detectableLift: -0.024 }))).toBe("would find 2.4 %");
    expect(plain(powerWords({ power: 0.672, minimumEffect: 0.02 }))).toBe(
      "67.2 % chance to find an effect of 2 % with the units there are",
    );
    expect([detectableWords({ detectableLift: null }), powerWords({ power: null, minimumEffect: 0.02 })]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it("says what CUPED took and what a cap cut", () => {
    expect(plain(adjustmentWords({ adjustment: { theta: 1, varianceReduction: 0.384 } }))).toMatch(/^38 % less/);
    expect(adjustmentWords({ adjustment: null })).toBeUndefined();
    const cap = { level: 0.999, y: 120, x: null };
    expect(capWords({ cap, format: euro, kind: "sum" })).toBe("above €120.00 (percentile 99.9)");
    expect(capWords({ cap: { ...cap, x: 40 }, format: euro, kind: "ratio" })).toBe(
      "above 120 over 40 (percentile 99.9)",
    );
    expect(capWords({ cap: { ...cap, y: null }, format: euro, kind: "sum" })).toBe("at percentile 99.9; no values");
    expect(capWords({ cap: { ...cap, level: null }, format: euro, kind: "sum" })).toBe("above €120.00");
    expect(capWords({ cap: { level: null, y: null, x: null }, format: euro, kind: "sum" })).toBeUndefined();
    expect(capWords({ cap: null, format: euro, kind: "sum" })).toBeUndefined();
  });

  it("says the terms that it is judged by", () => {
    expect(
      plain(termsWords(metric({ direction: "decrease", role: "guardrail", margin: 0.01, minimumEffect: 0.02 }))),
    ).toBe("lower is better, tolerates 1 % of harm, 2 % matters");
    expect(termsWords(metric({ margin: 0.01 }))).toBe("");
    const own = metric({ role: "guardrail", margin: 0.01 });
    const guardrail = { state: "shown", margin: 3, isAbsolute: true } as const;
    const comparisons = own.comparisons.map((one) => ({ ...one, guardrail }));
    const spent = { ...own, comparisons, format: euro, minimumEffect: null };
    expect(plain(termsWords(spent))).toBe("tolerates €3.00 of harm");
  });

  it("counts what the value was made from", () => {
    expect(countWords(arm("plain"), { kind: "conversion" })).toBe("400 of 2,000");
    expect(countWords(arm("plain", { converted: null }), { kind: "sum" })).toBe("2,000 units");
    expect(countWords(arm("plain", { converted: null, n: 1 }), { kind: "quantile" })).toBe("1 value");
  });

  it("has words for every warning", () => {
    const words = warningWords(["few_conversions", "few_clusters", "denominator_near_zero", "no_covariate"]);
    expect(new Set(words).size).toBe(4);
    expect(words.join(" ")).not.toContain("_");
  });
});

describe("effects", () => {
  const money = metric({ key: "spend", format: euro, minimumEffect: 0.1, arms: [arm("plain", { value: 20 })] });

  it("are lifts, or differences in the metric's unit", () => {
    const both = comparison();
    expect(effectOf(both, "relative")).toBe(both.lift);
    expect(effectOf(both, "absolute")).toBe(both.difference);
    expect(plain(effectWriter(metric(), "relative")(0.105))).toBe("+10.5 %");
    expect(plain(effectWriter(metric(), "absolute")(0.02))).toBe("+2.00 pt");
    expect(effectWriter(money, "absolute")(-1.5)).toBe("−€1.50");
  });

  it("share a scale only where they share a unit", () => {
    expect([...extents([metric(), money], "relative").values()]).toEqual([0.2, 0.2]);
    expect(extents([metric(), money], "absolute").get("purchase")).toBe(0.05);
  });

  it("draw the smallest one that matters in the unit shown", () => {
    expect([smallestEffect(money, "relative"), smallestEffect(money, "absolute")]).toEqual([0.1, 2]);
    expect(smallestEffect({ ...money, arms: [arm("plain", { value: null })] }, "absolute")).toBeNull();
  });
});

it("writes a value that is not there as a dash", () => expect(valueWords(null, metric())).toBe("–"));
