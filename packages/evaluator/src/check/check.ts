import { operatorOf, positiveOf } from "../decide/operators.ts";
import { RULESET_SCHEMA, type Ruleset } from "../ruleset.ts";
import {
  type Fields,
  fieldsOf,
  inEach,
  is,
  isListOf,
  isNameIn,
  isWhole,
  listOf,
  rejectField,
  type Type,
} from "./fields.ts";

/**
 * Looks at every part of a document before it is published, so that SDKs need not: what is published is well formed.
 * For publishers, tools and tests; SDKs only `prepare`.
 * @returns what does not fit and where, or undefined. Never throws.
 */
export function checkRuleset(document: unknown): string | undefined {
  try {
    check(document);
    return undefined;
  } catch (cause) {
    return (cause as Error).message;
  }
}

function check(document: unknown): asserts document is Ruleset {
  const ruleset = fieldsOf(document, "a ruleset");
  const { schema, audience, hints, segments, flags, conditions, holdouts = {} } = ruleset;
  if (schema !== RULESET_SCHEMA) rejectField("schema", schema);
  is(ruleset.environment, "string", "environment");
  if (audience !== "server" && audience !== "client") rejectField("audience", audience);
  isWhole(ruleset.version, "version");
  is(ruleset.digest, "string", "digest");
  isListOf(ruleset.attributes, "string", "attributes");
  const { flushIntervalMs, fastLane, watched = {} } = fieldsOf(hints, "hints");
  isWhole(flushIntervalMs, "flushIntervalMs");
  is(fastLane, "boolean", "fastLane");
  inEach(watched, "watched", (one) => {
    const { by, above = {} } = fieldsOf(one, "it");
    is(by, "string", "by");
    inEach(above, "above", (limit) => is(limit, "number", "it"));
  });
  inEach(holdouts, "holdouts", (holdout) => {
    const { by, seed, end } = fieldsOf(holdout, "it");
    is(by, "string", "by");
    isWhole(seed, "seed");
    isWhole(end, "end");
  });
  const known = { segments, conditions, holdouts } as Record<string, Fields>;
  inEach(conditions, "conditions", (all) => {
    for (const condition of listOf(all, "it")) checkCondition(condition, known);
    if (!(all as unknown[]).length) rejectField("it", all);
  });
  inEach(segments, "segments", (segment) => checkSegment(fieldsOf(segment, "it"), known));
  inEach(flags, "flags", (flag) => checkFlag(fieldsOf(flag, "it"), known));
}

function checkSegment(
  { included = [], excluded = [], rules = [] }: Fields,
  { conditions = {} }: Record<string, Fields>,
) {
  for (const ids of [included, excluded]) isListOf(ids, "string", "ids");
  for (const when of listOf(rules, "rules")) {
    isNameIn(conditions, when, "when");
    const asked = conditions[when as string] as { op: string }[];
    for (const { op } of asked) if (/segment$/i.test(op)) rejectField("op in a segment", op);
  }
}

function checkFlag(flag: Fields, known: Record<string, Fields>): void {
  const { type, on = true, off, prerequisites = [], targets = [], rules = [] } = flag;
  const variants = fieldsOf(flag.variants, "variants");
  isNameIn(variants, off, "off");
  if (type === undefined) {
    const own = typeof variants[off as string];
    for (const name of Object.keys(variants))
      if (typeof variants[name] !== own || own === "object") rejectField(name, variants[name]);
  } else if (type !== "json") rejectField("type", type);
  is(on, "boolean", "on");
  for (const prerequisite of listOf(prerequisites, "prerequisites")) {
    const { flag: key, variants: wanted } = fieldsOf(prerequisite, "a prerequisite");
    is(key, "string", "flag");
    isListOf(wanted, "string", "variants");
  }
  for (const target of listOf(targets, "targets")) {
    const { variant, ids } = fieldsOf(target, "a target");
    isNameIn(variants, variant, "variant");
    isListOf(ids, "string", "ids");
  }
  for (const rule of listOf(rules, "rules")) {
    const [id, when, serve] = listOf(rule, "a rule");
    is(id, "string", "id");
    if (when !== "") isNameIn(known.conditions ?? {}, when, "when");
    checkServe(serve, variants, known);
  }
  checkServe(flag.serve, variants, known);
}

const VALUES: Readonly<Record<string, Type>> = {
  in: "scalar",
  lt: "number",
  lte: "number",
  gt: "number",
  gte: "number",
  before: "instant",
  after: "instant",
};

function checkCondition(condition: unknown, { segments = {} }: Record<string, Fields>): void {
  const { op, attribute, values, segments: used } = fieldsOf(condition, "a condition");
  const { name } = positiveOf(String(op));
  if (typeof op !== "string" || !operatorOf(name)) rejectField("op", op);
  if (name === "inSegment") for (const key of listOf(used, "segments")) isNameIn(segments, key, "segment");
  else {
    is(attribute, "string", "attribute");
    if (name !== "exists") isListOf(values, VALUES[name] ?? "string", "values");
  }
}

function checkServe(serve: unknown, variants: Fields, known: Record<string, Fields>): void {
  if (typeof serve === "string") {
    isNameIn(variants, serve, "serve");
    return;
  }
  const {
    by = "targetingKey",
    seed,
    ends,
    variants: drawn,
    share,
    experiment,
    holdouts: held = [],
  } = fieldsOf(serve, "serve");
  is(by, "string", "by");
  isWhole(seed, "seed");
  if (experiment !== undefined) is(experiment, "string", "experiment");
  const names = listOf(drawn, "variants");
  let last = 0;
  for (const end of listOf(ends, "ends")) {
    isWhole(end, "ends");
    if ((end as number) < last) rejectField("ends", ends);
    last = end as number;
  }
  if (names.length !== (ends as unknown[]).length) rejectField("ends", ends);
  for (const name of names) isNameIn(variants, name, "variant");
  for (const key of listOf(held, "holdouts")) isNameIn(known.holdouts ?? {}, key, "holdout");
  if (share === undefined) return;
  const { seed: own, start = 0, end } = fieldsOf(share, "share");
  for (const number of [own, start, end]) isWhole(number, "share");
}
