import type { Outcome } from "../evaluation.ts";
import { bucketOf, LINE } from "../hash.ts";
import type { Holdout, Serve } from "../ruleset.ts";
import { type Subject, unitOf } from "./subject.ts";

/** One outcome for everyone, or a split of the line of buckets; of one shape, for speed. */
export interface PreparedServe {
  readonly outcome: Outcome | undefined;
  readonly by: string;
  readonly seed: number;
  readonly ends: readonly number[];
  readonly outcomes: readonly Outcome[];
  readonly share: { readonly seed: number; readonly start?: number; readonly end: number } | undefined;
  readonly holdouts: readonly Holdout[] | undefined;
}

type Exposure = { readonly experiment: string; readonly by: string };

/** @param outcomeOf Makes the outcome of a variant. */
export function prepareServe(
  serve: Serve,
  holdouts: Readonly<Record<string, Holdout>> | undefined,
  outcomeOf: (variant: string, isSplit: boolean, exposure?: Exposure) => Outcome,
): PreparedServe {
  if (!("split" in serve)) {
    const outcome = outcomeOf(serve.variant, false);
    return { outcome, by: "", seed: 0, ends: [], outcomes: [], share: undefined, holdouts: undefined };
  }
  const { by, seed, ends, variants, share, experiment, holdouts: held } = serve.split;
  const exposure = experiment === undefined ? undefined : Object.freeze({ experiment, by });
  return {
    outcome: undefined,
    by,
    seed,
    ends,
    outcomes: variants.map((variant) => outcomeOf(variant, true, exposure)),
    share,
    holdouts: held?.map((key) => holdouts?.[key] as Holdout),
  };
}

/**
 * What a subject is served: undefined when its unit is in no part of the split, the name of the attribute when the
 * context lacks the unit.
 */
export function draw(serve: PreparedServe, subject: Subject): Outcome | undefined | string {
  if (serve.outcome) return serve.outcome;
  const { by, share, ends, holdouts } = serve;
  const unit = unitOf(subject, by);
  if (!unit) return by;
  if (share) {
    const place = bucketOf(unit.encoded, share.seed);
    if (place < (share.start ?? 0) || place >= share.end) return undefined;
  }
  if (holdouts) {
    for (const holdout of holdouts) {
      const held = unitOf(subject, holdout.by);
      if (held && bucketOf(held.encoded, holdout.seed) < holdout.end) return undefined;
    }
  }
  const bucket = bucketOf(unit.encoded, serve.seed);
  let i = 0;
  while (bucket >= (ends[i] ?? LINE)) i++;
  return serve.outcomes[i];
}
