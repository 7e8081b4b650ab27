import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonical } from "../equality.ts";
import type { MetricDefinition } from "./definition.ts";
import { metricDefinitionSchema } from "./schema.ts";
import { describeDefinition, describeMetricChange } from "./words.ts";

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
  const event = fc.constantFrom("visit", "purchase");
  const where = fc.array(
    fc.record({
      property: fc.constantFrom("country", "plan"),
      op: fc.constantFrom("in" as const, "notIn" as const),
      values: fc.array(fc.constantFrom("DE", "AT", "CH", "FR", "IT"), { minLength: 1, maxLength: 5 }),
    }),
    { maxLength: 2 },
  );
  const source = fc.record({ event, where });
  const definition: fc.Arbitrary<MetricDefinition> = fc.oneof(
    fc.record({ kind: fc.constant("conversion" as const), source }),
    fc.record({ kind: fc.constant("count" as const), source }),
    fc.record({
      ...{ kind: fc.constant("funnel" as const), steps: fc.array(source, { minLength: 2, maxLength: 3 }) },
      withinSeconds: fc.constantFrom(60, 3_600),
    }),
  );
  const metric = fc.record({
    name: fc.constantFrom("A", "B"),
    description: fc.constantFrom("", "x"),
    definition,
    format: fc.record({
      style: fc.constantFrom("number" as const, "currency" as const),
      unit: fc.constantFrom("", "EUR"),
    }),
    direction: fc.constantFrom("increase" as const, "decrease" as const),
    minimumEffect: fc.constantFrom(null, 0.02, 0.05),
    margin: fc.constantFrom(0, 0.01),
    absoluteMargin: fc.constantFrom(null, 0.5),
  });

  it("says nothing exactly when nothing differs", () => {
    fc.assert(
      fc.property(metric, metric, fc.boolean(), (before, other, isSame) => {
        const after = isSame ? structuredClone(before) : other;
        expect(describeMetricChange(before, after) === "").toBe(canonical(before) === canonical(after));
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
    expect(change).toBe('definition conversion on "x" where p is a or b or c or 1 more, with other values');
  });
});
