import { describe, expect, it } from "vitest";
import { arm, cellText, cellValue, metric, plain } from "../fixtures.ts";
import { distributionSentence, distributionTable, withHistogram } from "./distribution.ts";

const bin = (from: number, units: number) => ({ from, to: from + 10, units });
const spend = metric({
  key: "spend",
  name: "Spend",
  kind: "sum" as const,
  format: { style: "currency" as const, unit: "EUR" },
  cap: { level: 0.999, y: 120, x: null },
  arms: [arm("plain", { histogram: [bin(0, 75), bin(10, 25)] }), arm("promise", { histogram: [bin(10, 5)] })],
});

describe("distribution", () => {
  it("is there for metrics whose values were counted by size", () => {
    const empty = metric({ arms: [arm("plain", { histogram: [] })] });
    expect(withHistogram([metric(), empty, spend])).toEqual([spend]);
  });

  it("is a table of bins with units and shares of each arm", () => {
    const { columns, rows } = distributionTable(spend);
    expect(columns).toEqual(["From", "To, below", "plain, units", "plain, share", "promise, units", "promise, share"]);
    expect(rows.map((row) => row.map(cellText))).toEqual([
      ["€0.00", "€10.00", "75", "75.00 %", "0", "0.00 %"],
      ["€10.00", "€20.00", "25", "25.00 %", "5", "100.00 %"],
    ]);
    expect(rows[1]?.map(cellValue)).toEqual([10, 20, 25, 0.25, 5, 1]);
  });

  it("is a sentence with the fullest bins and the cap", () => {
    expect(plain(distributionSentence(spend))).toBe(
      "Spend, the fullest bin of each arm. plain: 75 % of 100 in €0.00 to under €10.00; promise: 100 % of 5 in €10.00 to under €20.00. Values above €120.00 (percentile 99.9) are counted as that.",
    );
  });
});
