import type { Reason, Resolution } from "../evaluation.ts";
import { hashToBucket } from "../hash.ts";
import type { Holdout, Serve, Split } from "../ruleset.ts";
import { type Subject, unitOf } from "./subject.ts";

/** one resolution for everyone, or a split of the line of buckets; of one shape, for speed. */
export interface PreparedServe {
  /** Attribute that is hashed; undefined where everyone is served `first`. */
  readonly by: string | undefined;
  /** As an int32, as engines keep it without a box. */
  readonly seed: number;
  readonly first: Resolution | undefined;
  readonly share: Split["share"];
  readonly holdouts: readonly Holdout[] | undefined;
}

/** Half of the line: places are counted from its middle, as engines have a faster kind of small integers. */
const HALF = 2 ** 31;

/** Makes a resolution: of a variant, with a reason; of a split, its part of the line. */
export type ResolutionFor = (
  variant: string,
  reason: Reason,
  part?: Pick<Resolution, "split" | "last" | "next">,
) => Resolution;

export function prepareServe(
  serve: Serve,
  fixed: Reason,
  holdouts: Readonly<Record<string, Holdout>>,
  resolutionFor: ResolutionFor,
): PreparedServe {
  if (typeof serve === "string")
    return { by: undefined, seed: 0, first: resolutionFor(serve, fixed), share: undefined, holdouts: undefined };
  const { by = "targetingKey", seed, ends, variants, share, holdouts: held } = serve;
  const first = variants.reduceRight<Resolution | undefined>((next, variant, i) => {
    const end = ends[i] ?? 0;
    // An empty part serves nobody.
    return end > (ends[i - 1] ?? 0)
      ? resolutionFor(variant, "SPLIT", { split: serve, last: end - 1 - HALF, next })
      : next;
  }, undefined);
  return { by: `${by}`, seed: seed | 0, first, share, holdouts: held?.map((key) => holdouts[key] as Holdout) };
}

/**
 * What a subject is served: undefined when its unit is in no part of the split, the name of the attribute when the
 * context lacks the unit.
 */
export function draw(serve: PreparedServe, subject: Subject): Resolution | undefined | string {
  const { by, share, holdouts, first } = serve;
  if (by === undefined) return first;
  const unit = unitOf(subject, by);
  if (!unit) return by;
  if (share) {
    const place = hashToBucket(unit.encoded, share.seed);
    if (place < (share.start ?? 0) || place >= share.end) return undefined;
  }
  if (holdouts) {
    for (const holdout of holdouts) {
      const held = unitOf(subject, holdout.by);
      if (held && hashToBucket(held.encoded, holdout.seed) < holdout.end) return undefined;
    }
  }
  const place = hashToBucket(unit.encoded, serve.seed) - HALF;
  let resolution = first;
  while (resolution && place > resolution.last) resolution = resolution.next;
  return resolution;
}
