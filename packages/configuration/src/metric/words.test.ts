import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NOTHING_CHANGED } from "../changes.ts";
import { canonical } from "../equality.ts";
import type { MetricDefinition } from "./definition.ts";
import { metrics } from "./fixtures.ts";
import type { DescribedMetric } from "./metric.ts";
import { metricDefinitionSchema } from "./schema.ts";
import { describeDefinition, describeMetricChange, listMetricChanges } from "./words.ts";

const purchase = { event: "purchase", where: [] };
const german = { event: "purchase", where: [{ property: "country", op: "in" as const, values: ["DE", "AT"] }] };

const cases: [MetricDefinition, string][] = [
  [{ kind: "conversion", source: purchase }, 'conversion on "purchase"'],
  [
    { kind: "count", source: german, windowSeconds: 7 * 86_400 },
    'count of "purchase" where country is DE or AT, within 7 d of exposure',
  ],
  [
    { kind: "sum", source: purchase, property: "amount", cap: { level: 0.999, includeZeros: false } },
    'sum of amount over "purchase", capped at the 99.9 % quantile of those above 0',
  ],
  [
    { kind: "mean", source: purchase, cap: { level: 0.99, includeZeros: true }, windowSeconds: 5_400 },
    'mean of the value over "purchase", within 90 min of exposure, capped at the 99 % quantile',
  ],
  [{ kind: "count", source: purchase, cap: { at: 12 } }, 'count of "purchase", capped at 12'],
  [
    { kind: "mean", source: purchase, cap: { at: 99.5, atDenominator: 20 } },
    'mean of the value over "purchase", capped at 99.5, its denominator at 20',
  ],
  [
    {
      kind: "ratio",
      numerator: { ...purchase, aggregate: { of: "sum" } },
      denominator: { event: "visit", where: [], aggregate: { of: "distinct", by: "userId" } },
    },
    'ratio of the sum of the value over "purchase" to distinct userId over "visit"',
  ],
  [{ kind: "retention", source: purchase, fromDay: 7, toDay: 13 }, 'retention on "purchase", day 7 to 13'],
  [
    { kind: "quantile", source: purchase, level: 0.95, per: "unit", includeZeros: false },
    '95 % quantile of the value over "purchase" per unit above 0',
  ],
  [
    { kind: "funnel", steps: [{ event: "visit", where: [] }, purchase], withinSeconds: 3_601 },
    'funnel "visit" → "purchase" within 3601 s',
  ],
];

describe("a definition in words", () => {
  it.each(cases)("%j", (definition, words) => {
    expect(metricDefinitionSchema.parse(definition)).toEqual(definition);
    expect(describeDefinition(definition)).toBe(words);
  });
});

describe("a change in words", () => {
  it("says nothing exactly when nothing differs", () => {
    fc.assert(
      fc.property(metrics, metrics, fc.boolean(), (before, other, isSame) => {
        const after = isSame ? structuredClone(before) : other;
        expect(describeMetricChange(before, after) === NOTHING_CHANGED).toBe(canonical(before) === canonical(after));
      }),
    );
  });

  it("tells of values that words leave out", () => {
    const values = (last: string) => ["a", "b", "c", last];
    const on = (last: string): MetricDefinition => ({
      kind: "conversion",
      source: { event: "x", where: [{ property: "p", op: "in", values: values(last) }] },
    });
    const base = { name: "", description: "", direction: "increase", minimumEffect: null } as const;
    const margins = { margin: 0, absoluteMargin: null } as const;
    const format = { style: "percent", unit: "" } as const;
    const change = describeMetricChange(
      { ...base, ...margins, format, definition: on("d") },
      { ...base, ...margins, format, definition: on("e") },
    );
    const words = 'conversion on "x" where p is a or b or c or 1 more';
    expect(change).toBe(`Definition: ${words} → ${words}, with other values.`);
  });

  it("has a line for every field", () => {
    const before: DescribedMetric = {
      name: "A",
      description: "",
      definition: { kind: "conversion", source: purchase },
      direction: "increase",
      format: null,
      minimumEffect: null,
      margin: 0,
      absoluteMargin: null,
    };
    const after: DescribedMetric = {
      name: "B",
      description: "x".repeat(100),
      definition: { kind: "count", source: purchase },
      direction: "decrease",
      format: { style: "currency", unit: "EUR" },
      minimumEffect: 0.02,
      margin: 0.01,
      absoluteMargin: 5,
    };
    expect(listMetricChanges(before, after).map(({ subject, before, after }) => [subject, before, after])).toEqual([
      ["Name", '"A"', '"B"'],
      ["Description", '""', `"${"x".repeat(60)}…"`],
      ["Definition", 'conversion on "purchase"', 'count of "purchase"'],
      ["Better when it goes", "increase", "decrease"],
      ["Written as", "its kind is", "currency EUR"],
      ["Smallest effect that matters", "none", "2 %"],
      ["Margin", "0 %", "1 %"],
      ["Absolute margin", "none", "5"],
    ]);
  });
});
