import { check } from "./check/check.ts";
import {
  type PreparedCondition,
  type PreparedSegment,
  prepareConditions,
  prepareSegment,
} from "./decide/conditions.ts";
import { type PreparedFlag, prepareFlag, type Surroundings } from "./decide/flag.ts";
import type { Flag, FlagType, Ruleset, Segment } from "./ruleset.ts";

/** A ruleset made ready for evaluation: immutable, shared by every evaluation of its version. */
export interface Prepared
  extends Readonly<Pick<Ruleset, "environment" | "audience" | "version" | "digest" | "attributes" | "hints">> {
  /** Keys of all flags, archived ones included. */
  flagKeys(): string[];
  flagType(key: string): FlagType | undefined;
  /** Internal to the evaluator: a flag is prepared when it is first asked (of a thousand, a page asks ten). */
  preparedOf(key: string): PreparedFlag | undefined;
}

export type PrepareResult = { ok: true; ruleset: Prepared } | { ok: false; reason: string };

/**
 * Checks a ruleset document and makes it ready. Unknown fields are ignored; an unknown schema number or operator, or
 * anything malformed, refuses the whole document: keep the last good one and report the reason. Never throws.
 * The document belongs to the evaluator from then on, as flags are prepared later: do not change it.
 */
export function prepare(document: unknown): PrepareResult {
  try {
    check(document);
  } catch (cause) {
    return { ok: false, reason: (cause as Error).message };
  }
  const { environment, audience, version, digest, attributes, hints, flags, segments, holdouts } = document;
  const flagOf = (key: string): Flag | undefined => (Object.hasOwn(flags, key) ? flags[key] : undefined);
  const preparedFlags = new Map<string, PreparedFlag>();
  const preparedSegments = new Map<string, PreparedSegment>();
  const conjunctions = new Map<string, PreparedCondition | undefined>();
  const segmentOf = (key: string): PreparedSegment => {
    const segment = preparedSegments.get(key) ?? prepareSegment(segments[key] as Segment);
    preparedSegments.set(key, segment);
    return segment;
  };
  const around: Surroundings = {
    version,
    holdouts,
    flagOf,
    preparedOf(key) {
      const known = preparedFlags.get(key);
      const source = known ? undefined : flagOf(key);
      if (!source) return known;
      const flag = prepareFlag(key, source, around);
      preparedFlags.set(key, flag);
      return flag;
    },
    // Rules of many flags ask the same: they share one, which stays in the processor's cache.
    conditionsOf(when) {
      const key = JSON.stringify(when);
      if (!conjunctions.has(key)) conjunctions.set(key, prepareConditions(when, segmentOf));
      return conjunctions.get(key);
    },
  };
  const ruleset: Prepared = {
    environment,
    audience,
    version,
    digest,
    attributes,
    hints,
    flagKeys: () => Object.keys(flags),
    flagType: (key) => flagOf(key)?.type,
    preparedOf: around.preparedOf,
  };
  return { ok: true, ruleset };
}
