import fc from "fast-check";
import type { MetricDefinition } from "./definition.ts";
import type { DescribedMetric } from "./metric.ts";

const where = fc.array(
  fc.record({
    property: fc.constantFrom("country", "plan"),
    op: fc.constantFrom("in" as const, "notIn" as const),
    values: fc.array(fc.constantFrom("DE", "AT", "CH", "FR", "IT"), { minLength: 1, maxLength: 5 }),
  }),
  { maxLength: 2 },
);
const source = fc.record({ event: fc.constantFrom("visit", "purchase"), where });
const definition: fc.Arbitrary<MetricDefinition> = fc.oneof(
  fc.record({ kind: fc.constant("conversion" as const), source }),
  fc.record({ kind: fc.constant("count" as const), source }),
  fc.record({
    kind: fc.constant("funnel" as const),
    steps: fc.array(source, { minLength: 2, maxLength: 3 }),
    withinSeconds: fc.constantFrom(60, 3_600),
  }),
);
const format = fc.record({
  style: fc.constantFrom("number" as const, "currency" as const),
  unit: fc.constantFrom("", "EUR"),
});

/** Metrics with few values a field, so that two of them are often alike in some. */
export const metrics: fc.Arbitrary<DescribedMetric> = fc.record({
  name: fc.constantFrom("A", "B", "C"),
  description: fc.constantFrom("", "x", "y"),
  definition,
  format: fc.option(format),
  direction: fc.constantFrom("increase" as const, "decrease" as const),
  minimumEffect: fc.constantFrom(null, 0.02, 0.05),
  margin: fc.constantFrom(0, 0.01, 0.02),
  absoluteMargin: fc.constantFrom(null, 0.5, 1),
});
