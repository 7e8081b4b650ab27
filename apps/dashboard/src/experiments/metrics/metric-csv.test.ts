import { describe, expect, it } from "vitest";
import { arm, bounded, comparison, metric } from "../fixtures.ts";
import { metricCsv } from "./metric-csv.ts";

const dataTo = new Date("2026-11-24T14:00:00Z");
const record = (metrics: Parameters<typeof metricCsv>[0]["metrics"], at = 0) => {
  const { columns, rows } = metricCsv({ metrics }, dataTo);
  return Object.fromEntries(columns.map((column, index) => [column, rows[at]?.[index]]));
};

describe("metricCsv", () => {
  it("has the interval with its level and method, and what was counted", () => {
    expect(record([metric()])).toMatchObject({
      metric: "purchase",
      role: "primary",
      control: "plain",
      "control n": 2_000,
      "variant n": 2_000,
      lift: 0.105,
      "lift low": 0.02,
      "lift high": 0.19,
      "lift state": "bounded",
      level: 0.95,
      method: "sequence",
      formula: "welch",
      p: 0.012,
      outcome: "better",
      "data to": "2026-11-24T14:00:00.000Z",
    });
  });

  it("leaves empty what is not known, and takes the origin from the interval there is", () => {
    const lift = { state: "unknown" as const, reason: "zero_baseline" as const, estimate: null };
    const found = record([
      metric({
        comparisons: [
          {
            variant: "promise",
            guardrail: null,
            comparison: comparison({ lift, difference: bounded(1, 0, 2), p: null }),
          },
        ],
      }),
    ]);
    expect(found).toMatchObject({ lift: "", "lift low": "", "lift state": "unknown", p: "", level: 0.95 });
  });

  it("keeps the one end of a one-sided range, a row a treatment", () => {
    const lift = { ...bounded(0.1, 0.05, 0.2), state: "one_sided" as const, high: null };
    const arms = [arm("plain"), arm("b"), arm("c")];
    const comparisons = ["b", "c"].map((variant) => ({ variant, guardrail: null, comparison: comparison({ lift }) }));
    const found = record([metric({ arms, comparisons })], 1);
    expect(found).toMatchObject({ variant: "c", "lift low": 0.05, "lift high": "", "lift state": "one_sided" });
  });
});
