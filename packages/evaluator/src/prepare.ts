import { compileServe, type Outcome, type PreparedServe } from "./bounds.ts";
import { check, known } from "./check.ts";
import { compileConditions, compileIds, compileSegment, type Test } from "./conditions.ts";
import type { Reason } from "./evaluation.ts";
import type { Flag, FlagType, JsonValue, Prerequisite, Ruleset } from "./ruleset.ts";
import { rulesetShape } from "./shape.ts";

/** A ruleset made ready for evaluation: immutable, shared by every evaluation of its version. */
export interface Prepared
  extends Readonly<Pick<Ruleset, "environment" | "audience" | "version" | "digest" | "attributes" | "hints">> {
  /** Internal to the evaluator. */
  readonly flags: ReadonlyMap<string, PreparedFlag>;
  /** Keys of all flags, archived ones included. */
  flagKeys(): string[];
  flagType(key: string): FlagType | undefined;
}

export interface PreparedFlag {
  readonly type: FlagType;
  readonly archived: boolean;
  readonly on: boolean;
  /** Answer while off or while a prerequisite is not met. */
  readonly disabled: Outcome;
  /** Answer for units outside a split in the default serve. */
  readonly outside: Outcome;
  readonly prerequisites: readonly Prerequisite[];
  readonly targets: readonly { readonly ids: Test; readonly outcome: Outcome }[];
  readonly rules: readonly { readonly when: Test; readonly serve: PreparedServe }[];
  readonly serve: PreparedServe;
}

export type PrepareResult = { ok: true; ruleset: Prepared } | { ok: false; reason: string };

/**
 * Validates a ruleset document and builds what evaluation needs. Unknown fields are ignored; an unknown schema number
 * or operator, or anything malformed, refuses the whole document: keep the last good one and report the reason.
 * The document is copied where it matters: changing it afterwards changes nothing here. Never throws.
 */
export function prepare(document: unknown): PrepareResult {
  try {
    check(document, rulesetShape, "ruleset");
    return { ok: true, ruleset: compile(document as Ruleset) };
  } catch (cause) {
    return { ok: false, reason: (cause as Error).message };
  }
}

function compile(document: Ruleset): Prepared {
  const { environment, audience, version, digest, attributes, hints } = document;
  const segments = new Map<string, Test>();
  for (const [key, segment] of Object.entries(document.segments)) segments.set(key, compileSegment(segment));
  const flags = new Map<string, PreparedFlag>();
  for (const [key, flag] of Object.entries(document.flags)) {
    try {
      flags.set(key, compileFlag(flag, version, segments));
    } catch (cause) {
      throw new Error(`flag "${key}": ${(cause as Error).message}`);
    }
  }
  for (const key of flags.keys()) refuseCircle(flags, key, []);
  return {
    environment,
    audience,
    version,
    digest,
    attributes: [...attributes],
    hints: { ...hints },
    flags,
    flagKeys: () => [...flags.keys()],
    flagType: (key) => flags.get(key)?.type,
  };
}

function compileFlag(flag: Flag, version: number, segments: ReadonlyMap<string, Test>): PreparedFlag {
  const { type, on, off, prerequisites = [], targets = [], rules } = flag;
  // JSON values are shared by everyone who evaluates, so nobody may change them.
  const values: [string, JsonValue][] = JSON.parse(JSON.stringify(Object.entries(flag.variants)), (_key, part) =>
    Object.freeze(part),
  );
  const variants = new Map(values);
  const outcome = (variant: string, reason: Reason, rule?: string): Outcome =>
    Object.freeze({ value: known(variants.get(variant), `variant "${variant}"`), variant, reason, rule, version });
  const plain = rules.length + targets.length + prerequisites.length > 0 ? "DEFAULT" : "STATIC";
  return {
    type,
    archived: !!flag.archived,
    on,
    disabled: outcome(off, "DISABLED"),
    outside: outcome(off, "DEFAULT"),
    prerequisites: [...prerequisites],
    targets: targets.map(({ ids, variant }) => ({
      ids: compileIds(ids),
      outcome: outcome(variant, "TARGETING_MATCH"),
    })),
    rules: rules.map(({ id, when, serve }) => ({
      when: compileConditions(when, segments),
      serve: compileServe(serve, (variant, split) => outcome(variant, split ? "SPLIT" : "TARGETING_MATCH", id)),
    })),
    serve: compileServe(flag.serve, (variant, split) => outcome(variant, split ? "SPLIT" : plain)),
  };
}

function refuseCircle(flags: ReadonlyMap<string, PreparedFlag>, key: string, path: string[]): void {
  const longer = [...path, key];
  if (path.includes(key)) throw new Error(`prerequisites in a circle: ${longer.join(" → ")}`);
  for (const { flag } of flags.get(key)?.prerequisites ?? []) refuseCircle(flags, flag, longer);
}
