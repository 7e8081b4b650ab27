import { describe, expect, it } from "vitest";
import type { Snapshot } from "../../query/outputs.ts";
import { cellText, cellValue, metric, plain } from "../fixtures.ts";
import { effectWriter } from "../metrics/effects.ts";
import { isFollowed, liftLines, liftSentence, liftTable, liftWords } from "./lift-series.ts";

const arms = [
  { variant: "plain", parts: 50_000 },
  { variant: "promise", parts: 50_000 },
];
const point = (
  at: string,
  variant: string,
  lift: Snapshot["series"][number]["lift"],
  difference: Snapshot["series"][number]["difference"] = null,
) => ({
  at,
  variant,
  lift,
  difference,
  metric: "purchase",
  units: 1_000,
  value: 0.1,
});
const snapshot: Pick<Snapshot, "series" | "stepSeconds"> = {
  stepSeconds: 86_400,
  series: [
    point(
      "2026-11-02T00:00:00Z",
      "promise",
      { estimate: 0.08, low: 0.01, high: 0.15 },
      { estimate: 0.008, low: 0.001, high: null },
    ),
    point("2026-11-01T00:00:00Z", "plain", null),
    point("2026-11-01T00:00:00Z", "promise", null),
    { ...point("2026-11-01T00:00:00Z", "promise", null), metric: "other" },
  ],
};

describe("lift series", () => {
  it("draws treatments only, in order of time", () => {
    const lines = liftLines(snapshot, "purchase", arms, "relative");
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
    expect(plain(liftSentence(lines, 86_400, metric(), "relative"))).toBe(
      "Purchase, cumulative, against the control. promise: +8.0 % (+1.0 % to +15.0 %) by 2 Nov 2026.",
    );
  });

  it("calls an end open that is not there", () => {
    const write = effectWriter(metric(), "relative");
    expect(plain(liftWords({ estimate: 0.08, low: 0.01, high: null }, write))).toBe("+8.0 % (+1.0 % to open)");
  });

  it("has the control in the table", () => {
    const { rows } = liftTable(snapshot, metric(), "relative");
    expect(rows.map(([at = "", variant = ""]) => `${cellText(at)} ${cellText(variant)}`)).toEqual([
      "1 Nov 2026 plain",
      "1 Nov 2026 promise",
      "2 Nov 2026 promise",
    ]);
  });

  it("has differences in the metric's unit when they are asked for: drawn, told and in the file as numbers", () => {
    const lines = liftLines(snapshot, "purchase", arms, "absolute");
    expect(lines[0]?.points.at(-1)?.value).toEqual({ estimate: 0.008, low: 0.001, high: null });
    expect(plain(liftSentence(lines, 86_400, metric(), "absolute"))).toContain("+0.80 pt (+0.10 pt to open)");
    const { columns, rows } = liftTable(snapshot, metric(), "absolute");
    expect(columns).toContain("Difference");
    expect(rows.at(-1)?.map(cellValue)).toEqual([
      ...["2026-11-02T00:00:00Z", "promise", 1_000, 0.1, 0.008, 0.001, null],
    ]);
    expect(rows.at(-1)?.map(cellText).slice(4)).toEqual(["+0.80 pt", "+0.10 pt", "open"]);
  });

  it("does not draw differences that an earlier version did not follow", () => {
    const { difference: _, ...old } = point("2026-11-02T00:00:00Z", "promise", { estimate: 0.1, low: 0, high: 0.2 });
    expect(isFollowed({ series: [old] }, "absolute")).toBe(false);
    expect(isFollowed({ series: [old] }, "relative")).toBe(true);
    expect(isFollowed(snapshot, "absolute")).toBe(true);
  });
});
