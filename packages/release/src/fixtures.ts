import type { ConfigServe, ConfigSplit } from "@telltale/configuration";
import fc from "fast-check";
import { DRAFT, planOf, type ReleaseAt, type ReleasePlan } from "./index.ts";
import { WHOLE } from "./plan.ts";

/** Builders for this room's tests. */
const variants = ["a", "b", "c", "d"];

/** A line of 1 to 4 variants, of any shares that make 100 %. */
export const weights: fc.Arbitrary<ConfigSplit["weights"]> = fc
  .tuple(fc.shuffledSubarray(variants, { minLength: 1 }), fc.array(fc.nat(WHOLE), { minLength: 3, maxLength: 3 }))
  .map(([names, cuts]) => {
    const ends = [...cuts.slice(0, names.length - 1).sort((x, y) => x - y), WHOLE];
    return names.map((variant, at) => ({ variant, parts: (ends[at] ?? 0) - (ends[at - 1] ?? 0) }));
  });

export const variant = fc.constantFrom(...variants, "new");

/** What a rule serves before: one variant, or a split. */
export const serve: fc.Arbitrary<ConfigServe> = fc.oneof(
  fc.constantFrom(...variants).map((one) => ({ variant: one })),
  weights.map((line) => ({ split: { by: "targetingKey", salt: "s", weights: line } })),
);

/** The variant at each thousandth of a line. */
export function servedAlong(line: ConfigSplit["weights"]): string[] {
  const served: string[] = [];
  for (const { variant: name, parts } of line) for (let at = 0; at < parts; at += 1) served.push(name);
  return served;
}

/** The same of what is served. */
export function servedBy(what: ConfigServe): string[] {
  if ("split" in what) return servedAlong(what.split.weights);
  return servedAlong([{ variant: what.variant, parts: WHOLE }]);
}

export const steps: fc.Arbitrary<ReleasePlan["steps"]> = fc
  .uniqueArray(fc.integer({ min: 1, max: 90_000 }), { minLength: 1, maxLength: 6 })
  .chain((parts) =>
    fc.tuple(
      ...parts
        .sort((x, y) => x - y)
        .map((share) =>
          fc.record(
            { parts: fc.constant(share), holdSeconds: fc.nat(3_600), isApprovalNeeded: fc.boolean() },
            { requiredKeys: ["parts", "holdSeconds"] },
          ),
        ),
    ),
  );

export const plan: fc.Arbitrary<ReleasePlan> = fc
  .record({ steps, holdbackParts: fc.nat(5_000), bakeSeconds: fc.nat(86_400), standbySeconds: fc.nat(86_400) })
  .map((rest) => ({ ...planOf("canary", { rule: null, variant: "new" }), ...rest }));

/** A plan of two steps of a minute each, the second of which waits for an approval. */
export function twoSteps(): ReleaseAt {
  const base = planOf("canary", { rule: null, variant: "new" });
  const both = [
    { parts: 10_000, holdSeconds: 60 },
    { parts: 50_000, holdSeconds: 60, isApprovalNeeded: true },
  ];
  return { plan: { ...base, steps: both, bakeSeconds: 60, standbySeconds: 60 }, state: DRAFT };
}
