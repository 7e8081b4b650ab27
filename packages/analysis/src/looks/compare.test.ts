import { type AnalysisSettings, analyseMetrics, type MetricInput } from "@telltale/stats";
import { describe, expect, it } from "vitest";
import { compareAt, familyOf, unread } from "./compare.ts";

const settings: AnalysisSettings = { method: { kind: "sequence", plannedUnits: 5_000 }, alpha: 0.05 };
const buy = (converted: number, role: MetricInput["role"] = "primary"): MetricInput => ({
  kind: "conversion",
  arms: [
    { n: 1_000, converted: 100 },
    { n: 1_000, converted },
  ],
  role,
  direction: "increase",
});
const nothing: MetricInput = {
  ...buy(0),
  kind: "conversion",
  arms: [
    { n: 0, converted: 0 },
    { n: 0, converted: 0 },
  ],
};
const none = { primary: 0, secondary: 0 };

describe("one look", () => {
  it("is what the statistics say of all metrics together", () => {
    const metrics = [buy(150), buy(110), buy(120, "secondary"), buy(90, "guardrail")];
    const expected = analyseMetrics(metrics, settings);
    const family = familyOf(metrics, expected);
    expect(family).toEqual({ primary: 2, secondary: 1 });
    expect(compareAt(metrics, settings, family)).toEqual(expected.map(({ comparisons }) => comparisons));
  });

  it("counts tests that have a p at present only as p = 1", () => {
    const family = { primary: 3, secondary: 0 };
    for (const absent of [null, nothing]) {
      const [found] = compareAt([buy(150), absent], settings, family);
      const [alone] = compareAt([buy(150)], settings, none);
      const p = alone?.[0]?.p ?? 0;
      expect(found?.[0]?.p).toBe(p);
      expect(alone?.[0]?.adjustedP).toBeCloseTo(p, 12);
      expect(found?.[0]?.adjustedP).toBeCloseTo(3 * p, 12);
    }
  });

  it("does not, where nothing is corrected", () => {
    const [found] = compareAt([buy(150), null], { ...settings, correct: false }, { primary: 3, secondary: 0 });
    expect(found?.[0]).toMatchObject({ adjustedP: found?.[0]?.p, correction: "none" });
  });

  it("is null for what cannot be read, in place", () => {
    const found = compareAt([null, buy(120), null], settings, none);
    expect(found.map((own) => own?.length ?? null)).toEqual([null, 1, null]);
  });

  it("may leave a comparison unread, which is then unknown", () => {
    const own = compareAt([buy(150)], settings, none)[0]?.[0];
    if (!own) throw new Error("There should be a comparison.");
    expect(unread(own)).toMatchObject({
      state: "not_enough_data",
      control: { n: 1_000, value: null },
      p: null,
      outcome: "unknown",
    });
  });
});
