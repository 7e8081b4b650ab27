import { canonical } from "@telltale/configuration";
import type { ExperimentMoments, MetricMoments, StepMoments, VariantMoments } from "@telltale/events";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { analyse } from "./analyse.ts";
import { metric } from "./fixtures.ts";
import type { PlannedMetric } from "./plan/plan.ts";
import { type Analysis, analysisSchema, type Verdict } from "./result/analysis.ts";
import { type AnalysisInputs, analysisInputsSchema } from "./result/snapshot.ts";

const edges = [0, 1, -1, 0.1, 1e-300, 5e-324, 1e300, -1e308, 1.7e308, 1e12, 2 ** 53];
const hostile = fc.oneof(
  fc.integer({ min: 0, max: 1_000 }),
  fc.constantFrom(...edges),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const nullable = fc.oneof(hostile, fc.constant(null));
const pair = fc.record({ n: hostile, meanY: hostile, meanX: hostile, yy: hostile, xx: hostile, xy: hostile });
const product = ["yy", "yx", "yy0", "yx0", "xx", "xy0", "xx0", "y0y0", "y0x0", "x0x0"] as const;
const ratioBefore = fc.record({
  n: hostile,
  means: fc.record({ y: hostile, x: hostile, y0: hostile, x0: hostile }),
  products: fc.record(
    Object.fromEntries(product.map((name) => [name, hostile])) as Record<(typeof product)[number], typeof hostile>,
  ),
});
const histogram = fc.array(fc.record({ from: hostile, to: hostile, units: hostile }), { maxLength: 2 });
const some = <T>(own: fc.Arbitrary<T>) => fc.option(own, { nil: undefined });

const metricMoments: fc.Arbitrary<MetricMoments> = fc
  .oneof(
    fc.record({ form: fc.constant("share" as const), n: hostile, converted: hostile, before: some(pair) }),
    fc.record({
      form: fc.constant("mean" as const),
      n: hostile,
      mean: hostile,
      m2: hostile,
      capped: hostile,
      histogram,
      before: some(pair),
    }),
    fc.record({
      form: fc.constant("ratio" as const),
      pair,
      capped: fc.record({ y: hostile, x: hostile }),
      before: some(ratioBefore),
    }),
    fc.record({
      form: fc.constant("quantile" as const),
      n: hostile,
      value: nullable,
      lower: nullable,
      upper: nullable,
      inside: some(pair),
      histogram,
    }),
  )
  .map((own) => JSON.parse(JSON.stringify(own)) as MetricMoments);

const names = ["a", "b", "c", "nobody"];
const keys = ["conversion", "sum", "ratio", "quantile"];
const source = { event: "e", where: [] };
const definitions: PlannedMetric["definition"][] = [
  { kind: "conversion", source },
  { kind: "sum", source, cap: { level: 0.99, includeZeros: true } },
  {
    kind: "ratio",
    numerator: { ...source, aggregate: { of: "sum" } },
    denominator: { ...source, aggregate: { of: "count" } },
  },
  { kind: "quantile", source, level: 0.9, per: "unit", includeZeros: true },
];

const step: fc.Arbitrary<StepMoments> = fc.record({
  at: fc.integer({ min: 0, max: 40 }).map((n) => new Date(Date.UTC(2026, 10, 1, 6 * n)).toISOString()),
  variant: fc.constantFrom(...names),
  units: hostile,
  metrics: fc.dictionary(
    fc.constantFrom(...keys),
    fc
      .record({ n: hostile, y: hostile, yy: hostile, x: some(hostile), xx: some(hostile), xy: some(hostile) })
      .map((own) => JSON.parse(JSON.stringify(own)) as StepMoments["metrics"][string]),
  ),
});
const variants: fc.Arbitrary<VariantMoments[]> = fc.array(
  fc.record({
    variant: fc.constantFrom(...names),
    units: hostile,
    metrics: fc.dictionary(fc.constantFrom(...keys), metricMoments),
  }),
  { maxLength: 4 },
);
const time = fc
  .date({ min: new Date("2026-10-01"), max: new Date("2027-02-01"), noInvalidDate: true })
  .map((own) => own.toISOString());

const moments: fc.Arbitrary<ExperimentMoments> = fc
  .record({
    variants,
    severalVariants: hostile,
    series: fc.array(step, { maxLength: 30 }),
    caps: fc.dictionary(fc.constantFrom(...keys), fc.record({ y: nullable, x: nullable })),
    events: fc.dictionary(fc.constantFrom(...keys), hostile),
    firstExposure: some(time),
    lastEvent: some(time),
    breakdown: some(fc.array(fc.record({ value: fc.option(fc.string()), variants }), { maxLength: 2 })),
  })
  .map((own) => JSON.parse(JSON.stringify(own)) as ExperimentMoments);

const anyInputs: fc.Arbitrary<AnalysisInputs> = fc
  .record({
    plan: fc.record({
      arms: fc
        .tuple(fc.nat(100_000), fc.nat(100_000), some(fc.nat(100_000)))
        .map((parts) =>
          parts.flatMap((own, i) => (own === undefined ? [] : [{ variant: names[i] ?? "", parts: own }])),
        ),
      unit: fc.constant("targetingKey"),
      metrics: fc
        .tuple(
          ...keys.map((key, i) =>
            fc.record({
              role: fc.constantFrom("primary" as const, "secondary" as const, "guardrail" as const),
              direction: fc.constantFrom("increase" as const, "decrease" as const),
              minimumEffect: fc.constantFrom(null, 0.05, 1e-9, 1e9),
              margin: fc.constantFrom(0, 0.1, 1e300),
              key: fc.constant(key),
              definition: fc.constant(definitions[i] ?? { kind: "conversion" as const, source }),
            }),
          ),
        )
        .map((all) => all.map((own) => metric(own.key, own))),
      settings: fc.record({
        method: fc.constantFrom("sequence" as const, "fixed" as const, "group" as const),
        alpha: fc.constantFrom(0.05, 0.0001, 0.5),
        correct: fc.boolean(),
        prior: fc.constantFrom({ mean: 0, sd: 0.1 }, { mean: -1, sd: 1e-300 }),
        cupedDays: fc.constantFrom(0, 14),
        looks: fc.constantFrom(2, 3),
        power: fc.constantFrom(0.5, 0.8, 0.99),
        minimumUnits: fc.constantFrom(1, 100),
      }),
      plannedUnits: fc.constantFrom(null, 2, 1_000, Number.MAX_SAFE_INTEGER),
    }),
    status: fc.constantFrom("running" as const, "ended" as const),
    window: fc.record({ from: time, to: time }),
    stepSeconds: fc.constantFrom(10, 21_600, 86_400),
    breakdown: fc.constantFrom(null, "country"),
    editedSince: fc.constantFrom([], ["sum"]),
    moments,
  })
  .map((own) => analysisInputsSchema.parse(own));

const firstWords: Record<Verdict["code"], RegExp> = {
  collecting: /^Collecting: ./,
  keep_running: /^(Keep running|No decision): ./,
  ship: /^Ship [abc]: ./,
  no_difference: /^No difference: ./,
  too_small: /^(Better|Worse), but less than matters: ./,
  roll_back: /^Roll back ([abc]|all|[abc]( and [abc])+): ./,
  mixed: /^Mixed: ./,
  do_not_decide: /^Do not decide( yet)?: ./,
};

/** Guardrails of the variant that the verdict speaks of which are neither shown nor ask for no more than no proven harm. */
function unsafeGuardrails({ verdict, metrics }: Analysis): string[] {
  return metrics.flatMap(({ comparisons }) =>
    comparisons.flatMap(({ variant, guardrail }) =>
      variant === verdict.variant && guardrail && guardrail.state !== "shown" && guardrail.state !== "no_harm"
        ? [guardrail.state]
        : [],
    ),
  );
}

describe("whatever the moments", () => {
  it("the answer is of the schema, finite, and the same bytes again", { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(anyInputs, fc.constantFrom({}, { method: "sequence", cupedDays: 0 } as const), (own, otherwise) => {
        const found = analyse(own, otherwise);
        // z.number() refuses NaN and Infinity: parsing says that there is none.
        expect(analysisSchema.parse(found)).toEqual(found);
        expect(found.verdict.sentence).toMatch(firstWords[found.verdict.code]);
        const { verdict, health } = found;
        const told = [verdict.sentence, verdict.reasons, verdict.wouldChange, health.map(({ sentence }) => sentence)];
        expect(JSON.stringify(told)).not.toMatch(/NaN|Infinity|undefined|\bnull\b|\.\.| {2}/);
        if (verdict.code === "ship" && found.asPlanned) expect(unsafeGuardrails(found)).toEqual([]);
        const bytes = canonical(found);
        expect(canonical(JSON.parse(bytes))).toBe(bytes);
        expect(canonical(analyse(JSON.parse(canonical(own)) as AnalysisInputs, otherwise))).toBe(bytes);
      }),
      { numRuns: 400 },
    );
  });
});
