import { count, list, must, record, text, texts } from "./check.ts";
import type { Evaluation, EvaluationContext } from "./evaluation.ts";
import { bucketOf, LINE } from "./hash.ts";
import { type UnitCache, unitOf } from "./unit.ts";

/** A finished answer, made once when the ruleset was prepared and shared by everyone who gets it. */
export type Outcome = Readonly<Evaluation>;

/** Makes the finished answer for a variant of the flag at hand; refuses an unknown one. */
export type OutcomeOf = (variant: string, split: boolean) => Outcome;

/** What a rule or a default serves: one answer for everyone, or a split of the line of buckets. */
export type PreparedServe = Outcome | PreparedSplit;

export interface PreparedSplit {
  readonly by: string;
  readonly seed: number;
  readonly ends: readonly number[];
  readonly outcomes: readonly Outcome[];
  readonly share: { readonly seed: number; readonly end: number } | undefined;
  readonly experiment: string | undefined;
}

export function isSplit(serve: PreparedServe): serve is PreparedSplit {
  return "ends" in serve;
}

export function compileServe(document: unknown, outcomeOf: OutcomeOf): PreparedServe {
  const serve = record(document, "serve");
  if (serve.split === undefined) return outcomeOf(text(serve.variant, "the served variant"), false);
  const split = record(serve.split, "a split");
  const outcomes = texts(split.variants, "a split's variants").map((variant) => outcomeOf(variant, true));
  const ends = list(split.ends, "a split's ends").map((end) => count(end, "each of a split's ends", LINE));
  must(ends.length === outcomes.length, "a split needs one end for each variant");
  must(
    ends.every((end, i) => end >= (ends[i - 1] ?? 0)),
    "a split's ends must not decrease",
  );
  const { by, seed, share, experiment } = split;
  return {
    by: text(by, "a split's by"),
    seed: count(seed, "a split's seed", LINE - 1),
    ends,
    outcomes,
    share: share === undefined ? undefined : compileShare(record(share, "a split's share")),
    experiment: experiment === undefined ? undefined : text(experiment, "a split's experiment"),
  };
}

function compileShare(share: Record<string, unknown>): { seed: number; end: number } {
  return { seed: count(share.seed, "a share's seed", LINE - 1), end: count(share.end, "a share's end", LINE) };
}

/**
 * The split's answer for this context; `"no unit"` when the context lacks the attribute that is hashed,
 * `"outside"` when the unit is not in the share or at or above the last end.
 */
export function draw(
  split: PreparedSplit,
  context: EvaluationContext,
  units: UnitCache | undefined,
): Outcome | "no unit" | "outside" {
  const unit = unitOf(context, split.by, units);
  if (unit === undefined) return "no unit";
  const { share, ends, experiment } = split;
  if (share !== undefined && bucketOf(unit.bytes, share.seed) >= share.end) return "outside";
  const bucket = bucketOf(unit.bytes, split.seed);
  let i = 0;
  while (i < ends.length && bucket >= (ends[i] ?? 0)) i++;
  const outcome = split.outcomes[i];
  if (outcome === undefined) return "outside";
  if (experiment === undefined) return outcome;
  const { value, variant, reason, rule, version } = outcome;
  const exposure = { experiment, unit: unit.text, by: split.by };
  return rule === undefined
    ? { value, variant, reason, version, exposure }
    : { value, variant, reason, rule, version, exposure };
}
