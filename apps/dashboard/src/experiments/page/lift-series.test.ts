import { describe, expect, it } from "vitest";
import type { Snapshot } from "../../query/outputs.ts";
import { liftLines, liftSentence, liftTable } from "./lift-series.ts";

const arms = [
  { variant: "plain", parts: 50_000 },
  { variant: "promise", parts: 50_000 },
];
const point = (day: string, variant: string, lift: Snapshot["series"][number]["lift"]) => ({
  ...{ day, variant, lift, metric: "purchase" },
  ...{ units: 1_000, converted: 100, rate: 0.1 },
});
const series: Snapshot["series"] = [
  point("2026-11-02", "promise", { estimate: 0.08, low: 0.01, high: 0.15 }),
  point("2026-11-01", "plain", null),
  point("2026-11-01", "promise", null),
  { ...point("2026-11-01", "promise", null), metric: "other" },
];
const plain = (text: string) => text.replaceAll("\u202f", " ");

describe("lift series", () => {
  it("draws treatments only, in order of days", () => {
    const lines = liftLines(series, "purchase", arms);
    expect(lines).toEqual([
      {
        name: "promise",
        at: 1,
        points: [
          { day: "2026-11-01", lift: null },
          { day: "2026-11-02", lift: { estimate: 0.08, low: 0.01, high: 0.15 } },
        ],
      },
    ]);
    expect(plain(liftSentence(lines, "Purchase"))).toBe(
      "Purchase, cumulative, against the control. promise: +8.0 % (+1.0 % to +15.0 %) by 2026-11-02.",
    );
  });

  it("has the control in the table", () => {
    const { rows } = liftTable(series, "purchase");
    expect(rows.map(([day, variant]) => `${day} ${variant}`)).toEqual([
      "2026-11-01 plain",
      "2026-11-01 promise",
      "2026-11-02 promise",
    ]);
  });
});
