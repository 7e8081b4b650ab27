import type { Evaluation, EvaluationContext } from "./evaluation.ts";
import { bucketOf } from "./hash.ts";
import type { Serve, Split } from "./ruleset.ts";
import { type UnitCache, unitOf } from "./unit.ts";

/** A finished answer, made once when the ruleset was prepared and shared by everyone who gets it. */
export type Outcome = Readonly<Evaluation>;

/** What a rule or a default serves: one answer for everyone, or a split of the line of buckets. */
export type PreparedServe = Outcome | PreparedSplit;

export interface PreparedSplit extends Split {
  readonly outcomes: readonly Outcome[];
}

/** @param outcomeOf Makes the finished answer for a variant; throws when it is unknown. */
export function compileServe(serve: Serve, outcomeOf: (variant: string, isSplit: boolean) => Outcome): PreparedServe {
  if (!("split" in serve)) return outcomeOf(serve.variant, false);
  const { ends, variants } = serve.split;
  if (ends.length !== variants.length || ends.some((end, i) => end < (ends[i - 1] ?? 0))) {
    throw new Error("a split needs one end for each variant, in order");
  }
  return { ...serve.split, ends: [...ends], outcomes: variants.map((variant) => outcomeOf(variant, true)) };
}

/** The answer for this context; undefined when its unit is in no part of the split, null when it has no such unit. */
export function draw(
  serve: PreparedServe,
  context: EvaluationContext,
  units: UnitCache | undefined,
): Outcome | undefined | null {
  if (!("ends" in serve)) return serve;
  const { by, share, ends, experiment } = serve;
  const unit = unitOf(context, by, units);
  if (!unit) return null;
  if (share && bucketOf(unit.bytes, share.seed) >= share.end) return undefined;
  const bucket = bucketOf(unit.bytes, serve.seed);
  let i = 0;
  while (bucket >= (ends[i] ?? Number.POSITIVE_INFINITY)) i++;
  const outcome = serve.outcomes[i];
  // Spelled out, for speed: a spread costs as much as all the rest.
  return outcome && experiment !== undefined
    ? {
        value: outcome.value,
        variant: outcome.variant,
        reason: outcome.reason,
        rule: outcome.rule,
        version: outcome.version,
        exposure: { experiment, unit: unit.text, by },
      }
    : outcome;
}
