import { operators } from "../decide/operators.ts";
import { RULESET_SCHEMA, type Ruleset } from "../ruleset.ts";
import { type Fields, fieldsOf, inEach, is, isListOf, isNameIn, isWhole, listOf, refuse } from "./fields.ts";

/**
 * Checks a document in one pass, before anything is compiled: so that it is refused whole or not at all, and a flag
 * can be compiled when it is first asked.
 * @throws Error that names what does not fit.
 */
export function check(document: unknown): asserts document is Ruleset {
  const ruleset = fieldsOf(document, "a ruleset");
  const { schema, audience, hints, segments, flags, holdouts = {} } = ruleset;
  if (schema !== RULESET_SCHEMA) refuse("schema", schema);
  is(ruleset.environment, "string", "environment");
  if (audience !== "server" && audience !== "client") refuse("audience", audience);
  isWhole(ruleset.version, "version");
  is(ruleset.digest, "string", "digest");
  isListOf(ruleset.attributes, "string", "attributes");
  const { flushIntervalMs, fastLane } = fieldsOf(hints, "hints");
  isWhole(flushIntervalMs, "flushIntervalMs");
  is(fastLane, "boolean", "fastLane");
  inEach(holdouts, "holdouts", ({ by, seed, end }) => {
    is(by, "string", "by");
    isWhole(seed, "seed");
    isWhole(end, "end");
  });
  inEach(segments, "segments", ({ included, excluded, rules }) => {
    for (const ids of [included, excluded]) if (ids !== undefined) checkIds(ids);
    for (const when of listOf(rules, "rules")) checkConditions(when, {});
  });
  inEach(flags, "flags", (flag) => checkFlag(flag, segments as Fields, holdouts as Fields));
}

function checkFlag(flag: Fields, segments: Fields, holdouts: Fields): void {
  const { type } = flag;
  const variants = fieldsOf(flag.variants, "variants");
  if (type !== "json") {
    if (type !== "boolean" && type !== "string" && type !== "number") refuse("type", type);
    for (const name of Object.keys(variants)) if (typeof variants[name] !== type) refuse(name, variants[name]);
  }
  is(flag.on, "boolean", "on");
  isNameIn(variants, flag.off, "off");
  for (const prerequisite of listOf(flag.prerequisites ?? [], "prerequisites")) {
    const { flag: key, variants: wanted } = fieldsOf(prerequisite, "a prerequisite");
    is(key, "string", "flag");
    isListOf(wanted, "string", "variants");
  }
  for (const target of listOf(flag.targets ?? [], "targets")) {
    const { variant, ids } = fieldsOf(target, "a target");
    isNameIn(variants, variant, "variant");
    checkIds(ids);
  }
  for (const rule of listOf(flag.rules, "rules")) {
    const { id, when, serve } = fieldsOf(rule, "a rule");
    is(id, "string", "id");
    checkConditions(when, segments);
    checkServe(serve, variants, holdouts);
  }
  checkServe(flag.serve, variants, holdouts);
}

function checkIds(ids: unknown): void {
  const { hashed, values } = fieldsOf(ids, "ids");
  isListOf(hashed ?? values, "string", "ids");
}

function checkConditions(when: unknown, segments: Fields): void {
  for (const condition of listOf(when, "when")) {
    const { op, attribute, values, segments: used } = fieldsOf(condition, "a condition");
    if (op === "inSegment" || op === "notInSegment") {
      for (const key of listOf(used, "segments")) isNameIn(segments, key, "segment");
    } else {
      const { values: type } = operators.get(op) ?? refuse("op", op);
      is(attribute, "string", "attribute");
      if (type) isListOf(values, type, "values");
    }
  }
}

function checkServe(serve: unknown, variants: Fields, holdouts: Fields): void {
  const { variant, split } = fieldsOf(serve, "serve");
  if (split === undefined) {
    isNameIn(variants, variant, "variant");
    return;
  }
  const { by, seed, ends, variants: drawn, share, experiment, holdouts: held = [] } = fieldsOf(split, "split");
  is(by, "string", "by");
  isWhole(seed, "seed");
  if (experiment !== undefined) is(experiment, "string", "experiment");
  const names = listOf(drawn, "variants");
  let last = 0;
  for (const end of listOf(ends, "ends")) {
    isWhole(end, "ends");
    if ((end as number) < last) refuse("ends", ends);
    last = end as number;
  }
  if (names.length !== (ends as unknown[]).length) refuse("ends", ends);
  for (const name of names) isNameIn(variants, name, "variant");
  for (const key of listOf(held, "holdouts")) isNameIn(holdouts, key, "holdout");
  if (share === undefined) return;
  const { seed: own, start = 0, end } = fieldsOf(share, "share");
  for (const number of [own, start, end]) isWhole(number, "share");
}
