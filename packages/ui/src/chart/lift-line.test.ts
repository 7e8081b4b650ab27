import { describe, expect, it } from "vitest";
import { dayWords, type LiftLine, liftExtent, liftRecords, liftTicks, tickDigits } from "./lift-line.ts";

const line: LiftLine = {
  name: "promise",
  at: 1,
  points: [
    { day: "2026-11-01", lift: null },
    { day: "2026-11-02", lift: { estimate: 0.4, low: -1.2, high: 2 } },
    { day: "2026-11-03", lift: { estimate: 0.03, low: -0.01, high: 0.07 } },
  ],
};

describe("lift over time", () => {
  it("is scaled by the newest interval, not by the wide first days", () => {
    expect(liftExtent([line])).toBe(0.2);
    expect(liftExtent([])).toBe(0.05);
  });

  it("always has zero among its ticks", () => {
    expect(liftTicks(0.2)).toEqual([-0.2, -0.1, 0, 0.1, 0.2]);
  });

  it("prints ticks as they are", () => {
    expect([0.2, 0.05, 0.01, 0.001, 1].map(tickDigits)).toEqual([0, 1, 1, 2, 0]);
    expect(dayWords("2026-11-03")).toBe("3 Nov");
  });

  it("clamps what lies outside and leaves gaps where nothing is known", () => {
    const records = liftRecords([line], 0.2);
    expect(records).toEqual([
      { day: "2026-11-01" },
      { day: "2026-11-02", promise: 0.2, "promise range": [-0.2, 0.2] },
      { day: "2026-11-03", promise: 0.03, "promise range": [-0.01, 0.07] },
    ]);
  });
});
