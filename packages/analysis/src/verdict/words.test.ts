import { analyseMetric } from "@telltale/stats";
import { describe, expect, it } from "vitest";
import { amount, change, count, describeUnits, formatFraction, pWords, whyUnknown } from "./words.ts";

describe("numbers in words", () => {
  it("are short and never lie", () => {
    expect([0.081, -0.0002, 0, 0.000004, 12.345, 1e9].map(formatFraction)).toEqual([
      "8.1 %",
      "−0.02 %",
      "0 %",
      "0.0004 %",
      "1,235 %",
      "over 1,000,000 %",
    ]);
    expect([0.0016, 0.0743, 0.5, 1e-9, 1].map(pWords)).toEqual([
      "p = 0.0016",
      "p = 0.074",
      "p = 0.5",
      "p < 0.0001",
      "p = 1",
    ]);
    expect(count(44_700)).toBe("44,700");
    expect([0, 1, 44_700].map(describeUnits)).toEqual(["0 units", "1 unit", "44,700 units"]);
    expect(amount(-12.3456, { style: "currency", unit: "EUR" })).toBe("−12.3 EUR");
    expect(amount(0.05, { style: "percent", unit: "" })).toBe("5 %");
    expect(amount(3, { style: "number", unit: "" })).toBe("3");
  });
});

const format = { style: "number", unit: "" } as const;
function comparison(control: [number, number], treatment: [number, number], role: "primary" | "guardrail" = "primary") {
  const arms = [control, treatment].map(([n, converted]) => ({ n, converted }));
  const metric = { kind: "conversion", arms, role, direction: "increase" } as const;
  const [found] = analyseMetric(metric, { method: { kind: "fixed" }, alpha: 0.05 }).comparisons;
  if (!found) throw new Error("There should be a comparison.");
  return found;
}

describe("a change in words", () => {
  it("has size, interval and p", () => {
    expect(change(comparison([44_700, 8_502], [45_489, 8_279]), format)).toBe(
      "went down by 4.3 % (95 % interval −6.9 % to −1.7 %, p = 0.0016)",
    );
    expect(change(comparison([100, 10], [100, 10]), format)).toBe(
      "did not move (95 % interval −63.3 % to 172.7 %, p = 1)",
    );
  });

  it("says which p is corrected", () => {
    const own = comparison([44_700, 8_502], [45_489, 8_279]);
    expect(change({ ...own, adjustedP: 0.0032 }, format)).toContain("corrected p = 0.0032");
  });

  it("has both ends of a guardrail, each a bound of its own", () => {
    expect(change(comparison([5_000, 500], [5_000, 300], "guardrail"), format)).toMatch(
      /^went down by 40 % \(95 % interval −4\d\.?\d* % to −2\d\.?\d* %, p < 0\.0001\)$/,
    );
  });

  it("falls back on the difference where there is no lift", () => {
    expect(change(comparison([100, 0], [100, 20]), { style: "percent", unit: "" })).toMatch(
      /^went up by 20 % \(95 % interval 1/,
    );
  });

  it("says why nothing is known", () => {
    expect(whyUnknown(comparison([0, 0], [100, 20]))).toBe("an arm has no units");
    expect(whyUnknown(comparison([10, 11], [100, 20]))).toBe("the numbers contradict each other");
  });
});
