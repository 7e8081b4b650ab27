import { createHash } from "node:crypto";
import { type Condition, type Flag, flagTypeOf, type Ruleset, type Segment, type Serve } from "@telltale/evaluator";

/** A flag that an older schema has no words for, and what it is that it cannot say. */
export interface LeftOut {
  flag: string;
  reason: string;
}

/** A document of an older schema, and what is missing in it. */
export interface Translation {
  document: string;
  digest: string;
  leftOut: LeftOut[];
}

/** Thrown inside of this file only. */
class Unsayable extends Error {}

/** All that schema 1 knows to ask. */
const OPERATORS = new Set([
  ...["in", "notIn", "inHashed", "notInHashed", "contains", "notContains", "startsWith", "endsWith"],
  ...["matches", "notMatches", "lt", "lte", "gt", "gte", "before", "after", "inCidr", "notInCidr"],
  ...["semverEq", "semverLt", "semverLte", "semverGt", "semverGte", "exists", "notExists", "inSegment", "notInSegment"],
]);

/** Members of schema 2 that schema 1 has a place for. What is not here may decide, so that it cannot be left away. */
const MEMBERS = {
  flag: ["type", "on", "archived", "visibility", "variants", "off", "prerequisites", "targets", "rules", "serve"],
  split: ["by", "seed", "ends", "variants", "share", "experiment", "holdouts"],
  share: ["seed", "start", "end"],
  segment: ["included", "excluded", "rules"],
  condition: ["attribute", "op", "values", "segments"],
};

/**
 * A ruleset of schema 2 in the words of schema 1 (November 2026): conditions in each rule, nothing left out that is
 * usual, serves as objects, lists of ids that say whether they are hashed, sha-256 of the content as digest.
 * A flag that cannot be said in it is left out, and so are those that have it as a prerequisite: they would be off.
 */
export function toSchema1(ruleset: Ruleset): Translation {
  const { environment, audience, version, attributes, hints, holdouts, flags, segments } = ruleset;
  const reasons = new Map<string, string>();
  const said = new Map<string, unknown>();
  for (const [key, flag] of Object.entries(flags)) {
    try {
      said.set(key, flagOf(flag, ruleset));
    } catch (cause) {
      if (!(cause instanceof Unsayable)) throw cause;
      reasons.set(key, cause.message);
    }
  }
  leaveOutDependents(flags, reasons);
  for (const key of reasons.keys()) said.delete(key);
  const content = {
    schema: 1,
    environment,
    audience,
    flags: Object.fromEntries(said),
    segments: sayableSegments(segments, ruleset),
    ...(holdouts && { holdouts }),
    attributes,
    hints,
  };
  const digest = createHash("sha256").update(JSON.stringify(content)).digest("hex");
  const leftOut = [...reasons].map(([flag, reason]) => ({ flag, reason }));
  return { document: JSON.stringify({ ...content, version, digest }), digest, leftOut };
}

function leaveOutDependents(flags: Ruleset["flags"], reasons: Map<string, string>): void {
  const dependents = new Map<string, string[]>();
  for (const [key, { prerequisites = [] }] of Object.entries(flags)) {
    for (const { flag } of prerequisites) dependents.set(flag, [...(dependents.get(flag) ?? []), key]);
  }
  // The loop meets what is added while it runs.
  for (const key of reasons.keys()) {
    for (const dependent of dependents.get(key) ?? []) {
      if (!reasons.has(dependent)) reasons.set(dependent, `its prerequisite "${key}" is left out`);
    }
  }
}

function flagOf(flag: Flag, ruleset: Ruleset) {
  hasOnly(flag, "flag");
  const { on = true, archived, visibility, variants, off, prerequisites, targets, rules = [], serve } = flag;
  return {
    type: flagTypeOf(flag),
    on,
    ...(archived && { archived }),
    ...(visibility && { visibility }),
    variants,
    off,
    ...(prerequisites && { prerequisites }),
    ...(targets && { targets: targets.map(({ variant, ids }) => ({ variant, ids: idsOf(ids, ruleset) })) }),
    rules: rules.map(([id, when, served, ...more]: readonly unknown[]) => {
      if (more.length > 0) throw new Unsayable("a rule has more than three parts");
      return { id, when: conditionsOf(when as string, ruleset), serve: serveOf(served as Serve) };
    }),
    serve: serveOf(serve),
  };
}

function serveOf(serve: Serve) {
  if (typeof serve === "string") return { variant: serve };
  hasOnly(serve, "split");
  if (serve.share) hasOnly(serve.share, "share");
  const { by = "targetingKey", ...split } = serve;
  return { split: { by, ...split } };
}

function conditionsOf(name: string, ruleset: Ruleset, isSegment = false): Condition[] {
  if (name === "") return [];
  const conditions = Object.hasOwn(ruleset.conditions, name) ? (ruleset.conditions[name] ?? []) : [];
  if (conditions.length === 0) throw new Unsayable(`it asks for conditions "${name}", which are not there`);
  for (const condition of conditions) {
    hasOnly(condition, "condition");
    if (!OPERATORS.has(condition.op)) throw new Unsayable(`it asks by "${condition.op}"`);
    if (!("segments" in condition) || isSegment) continue;
    for (const key of condition.segments) segmentOf(key, ruleset);
  }
  return conditions;
}

function segmentOf(key: string, ruleset: Ruleset) {
  const segment = Object.hasOwn(ruleset.segments, key) ? ruleset.segments[key] : undefined;
  if (!segment) throw new Unsayable(`it asks for segment "${key}", which is not there`);
  hasOnly(segment, "segment");
  const { included, excluded, rules = [] } = segment;
  return {
    ...(included && { included: idsOf(included, ruleset) }),
    ...(excluded && { excluded: idsOf(excluded, ruleset) }),
    rules: rules.map((name) => conditionsOf(name, ruleset, true)),
  };
}

/** Those that can be said; flags that ask for another are left out. */
function sayableSegments(segments: Record<string, Segment>, ruleset: Ruleset): Record<string, unknown> {
  const said = Object.keys(segments).flatMap((key) => {
    try {
      return [[key, segmentOf(key, ruleset)] as const];
    } catch (cause) {
      if (cause instanceof Unsayable) return [];
      throw cause;
    }
  });
  return Object.fromEntries(said);
}

const idsOf = (ids: string[], { audience }: Ruleset) => (audience === "client" ? { hashed: ids } : { values: ids });

function hasOnly(part: object, kind: keyof typeof MEMBERS): void {
  const unknown = Object.keys(part).find((member) => !MEMBERS[kind].includes(member));
  if (unknown !== undefined) throw new Unsayable(`its ${kind} has "${unknown}"`);
}
