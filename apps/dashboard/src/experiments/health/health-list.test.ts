import { describe, expect, it } from "vitest";
import { metric, plain, snapshot } from "../fixtures.ts";
import { healthList } from "./health-list.ts";

describe("healthList", () => {
  it("has the analysis' own sentences, and the p of a test once", () => {
    const { health } = snapshot();
    const said = { ...health[0], check: "split" as const, state: "alarm" as const, metric: null };
    const found = healthList({
      metrics: [],
      health: [
        { ...said, sentence: "Uneven.", p: 0.0004 },
        { ...said, check: "several_variants", sentence: "Uneven (p = 0.0004).", p: 0.0004 },
        { ...said, check: "missing_rows", sentence: "Rows are missing.", p: null },
      ],
    });
    expect(found.map(({ label, detail }) => `${label}: ${detail}`)).toEqual([
      "Split: Uneven. (p = 0.0004)",
      "One variant each: Uneven (p = 0.0004).",
      "Complete rows: Rows are missing.",
    ]);
  });

  it("names the metric that a check is about, and tells two such checks apart", () => {
    const check = { check: "pre_period_difference" as const, state: "ok" as const, sentence: "Alike.", p: null };
    const found = healthList({
      metrics: [metric()],
      health: [
        { ...check, metric: "purchase" },
        { ...check, metric: "gone" },
      ],
    });
    expect(found.map(({ label }) => plain(label))).toEqual(["Alike before: Purchase", "Alike before: gone"]);
    expect(new Set(found.map(({ key }) => key)).size).toBe(2);
  });

  it("is no longer as planned once the flag changed under the experiment, whatever the snapshot says", () => {
    const check = {
      check: "settings_changed" as const,
      state: "ok" as const,
      sentence: "Nothing was edited.",
      p: null,
    };
    const facts = { metrics: [], health: [{ ...check, metric: null }] };
    expect(healthList(facts, [])).toMatchObject([{ state: "ok" }]);
    const flagChanges = [{ sentence: "banner was turned off.", at: new Date() }];
    expect(healthList(facts, flagChanges)).toMatchObject([{ state: "warning", detail: "banner was turned off." }]);
  });
});
