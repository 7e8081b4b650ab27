import { describe, expect, it } from "vitest";
import type { Snapshot } from "../../query/outputs.ts";
import { metric, plain } from "../fixtures.ts";
import { liftLines, liftSentence, liftTable, liftWords } from "./lift-series.ts";

const arms = [
  { variant: "plain", parts: 50_000 },
  { variant: "promise", parts: 50_000 },
];
const point = (at: string, variant: string, lift: Snapshot["series"][number]["lift"]) => ({
  ...{ at, variant, lift, metric: "purchase" },
  ...{ units: 1_000, value: 0.1 },
});
const snapshot: Pick<Snapshot, "series" | "stepSeconds"> = {
  stepSeconds: 86_400,
  series: [
    point("2026-11-02T00:00:00Z", "promise", { estimate: 0.08, low: 0.01, high: 0.15 }),
    point("2026-11-01T00:00:00Z", "plain", null),
    point("2026-11-01T00:00:00Z", "promise", null),
    { ...point("2026-11-01T00:00:00Z", "promise", null), metric: "other" },
  ],
};

describe("lift series", () => {
  it("draws treatments only, in order of time", () => {
    const lines = liftLines(snapshot, "purchase", arms);
    expect(lines).toEqual([
      {
        name: "promise",
        place: 1,
        points: [
          { at: "2026-11-01T00:00:00Z", value: null },
          { at: "2026-11-02T00:00:00Z", value: { estimate: 0.08, low: 0.01, high: 0.15 } },
        ],
      },
    ]);
    expect(plain(liftSentence(lines, 86_400, "Purchase"))).toBe(
      "Purchase, cumulative, against the control. promise: +8.0 % (+1.0 % to +15.0 %) by 2 Nov 2026.",
    );
  });

  it("calls an end open that is not there", () => {
    expect(plain(liftWords({ estimate: 0.08, low: 0.01, high: null }))).toBe("+8.0 % (+1.0 % to open)");
  });

  it("has the control in the table", () => {
    const { rows } = liftTable(snapshot, metric());
    expect(rows.map(([at, variant]) => `${at} ${variant}`)).toEqual([
      "1 Nov 2026 plain",
      "1 Nov 2026 promise",
      "2 Nov 2026 promise",
    ]);
  });
});
