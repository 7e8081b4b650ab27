import { createHash } from "node:crypto";
import {
  type Audience,
  type Condition,
  endsOf,
  type Flag,
  type Hints,
  type Holdout,
  hashId,
  type IdList,
  type Ruleset,
  type Segment,
  type Serve,
  type Split,
  seedOf,
} from "@telltale/evaluator";
import type {
  ConfigCondition,
  ConfigServe,
  ConfigSplit,
  EnvironmentSource,
  FlagSource,
  SegmentDefinition,
} from "./configuration.ts";

const hints: Hints = { flushIntervalMs: 2_000, fastLane: false };
/** Where nothing is critical, people may try flags out on themselves. */
const relaxedHints: Hints = { ...hints, overrides: true };

/**
 * Compiles an environment into what SDKs read. Pure: the same source gives the same bytes and digest.
 * For clients, flags whose visibility is not `client` are left out and listed ids are hashed (obfuscation, not secrecy).
 */
export function compile(source: EnvironmentSource, audience: Audience, version: number): Ruleset {
  const visible = source.flags.filter((flag) => audience === "server" || flag.visibility === "client");
  const holdouts = record(source.holdouts, ({ by, salt, parts }) => ({ by, seed: seedOf(salt), end: endOf(parts) }));
  const flags = record(visible, (flag) => compileFlag(flag, audience, holdouts));
  const used = segmentsUsed(visible);
  const segments = record(
    source.segments.filter((segment) => used.has(segment.key)),
    (segment) => compileSegment(segment.definition, audience),
  );
  const content = {
    schema: 1 as const,
    environment: source.environment,
    audience,
    flags,
    segments,
    ...(source.holdouts.length > 0 ? { holdouts } : {}),
    attributes: unitAttributes(visible),
    hints: source.critical ? hints : relaxedHints,
  };
  const digest = createHash("sha256").update(JSON.stringify(content)).digest("hex");
  return { ...content, version, digest };
}

/** Sorted by key, so that the order of rows never changes the digest. */
function record<S extends { key: string }, T>(sources: S[], make: (source: S) => T): Record<string, T> {
  const sorted = [...sources].sort((a, b) => (a.key < b.key ? -1 : 1));
  return Object.fromEntries(sorted.map((source) => [source.key, make(source)]));
}

function compileFlag(flag: FlagSource, audience: Audience, holdouts: Record<string, Holdout>): Flag {
  const { config } = flag;
  const { prerequisites = [] } = config;
  const targets = config.targets.filter((target) => target.ids.length > 0);
  return {
    type: flag.type,
    on: config.on,
    ...(flag.archived ? { archived: true as const } : {}),
    ...(audience === "server" && flag.visibility !== "server" ? { visibility: flag.visibility } : {}),
    variants: Object.fromEntries(flag.variants.map((variant) => [variant.key, variant.value])),
    off: config.off,
    ...(prerequisites.length > 0 ? { prerequisites } : {}),
    ...(targets.length > 0
      ? { targets: targets.map((target) => ({ variant: target.variant, ids: idList(target.ids, audience) })) }
      : {}),
    rules: config.rules.map((rule) => ({
      id: rule.id,
      when: rule.when.map((condition) => compileCondition(condition, audience)),
      serve: compileServe(rule.serve, holdouts),
    })),
    serve: compileServe(config.serve, holdouts),
  };
}

function compileServe(serve: ConfigServe, holdouts: Record<string, Holdout>): Serve {
  return "variant" in serve ? { variant: serve.variant } : { split: compileSplit(serve.split, holdouts) };
}

/** Where that many parts of 100,000 end on the line. */
const endOf = (parts: number) => endsOf([parts])[0] ?? 0;

function compileSplit(split: ConfigSplit, active: Record<string, Holdout>): Split {
  const { layer, share } = split;
  const holdouts = (split.holdouts ?? []).filter((key) => Object.hasOwn(active, key));
  return {
    by: split.by,
    seed: seedOf(split.salt),
    ends: endsOf(split.weights.map((weight) => weight.parts)),
    variants: split.weights.map((weight) => weight.variant),
    ...(share ? { share: { seed: seedOf(share.salt), end: endOf(share.parts) } } : {}),
    ...(layer ? { share: { seed: seedOf(layer.salt), start: endOf(layer.from), end: endOf(layer.to) } } : {}),
    ...(split.experiment ? { experiment: split.experiment } : {}),
    ...(holdouts.length > 0 ? { holdouts } : {}),
  };
}

/** Client rulesets carry no listed string in clear. */
function compileCondition(condition: ConfigCondition, audience: Audience): Condition {
  if (audience === "server" || (condition.op !== "in" && condition.op !== "notIn")) return condition;
  if (!condition.values.every((value) => typeof value === "string")) return condition;
  const op = condition.op === "in" ? "inHashed" : "notInHashed";
  return { attribute: condition.attribute, op, values: condition.values.map((value) => hashId(value)) };
}

function compileSegment(segment: SegmentDefinition, audience: Audience): Segment {
  return {
    ...(segment.included.length > 0 ? { included: idList(segment.included, audience) } : {}),
    ...(segment.excluded.length > 0 ? { excluded: idList(segment.excluded, audience) } : {}),
    rules: segment.rules.map((rule) => rule.map((condition) => compileCondition(condition, audience))),
  };
}

function idList(ids: string[], audience: Audience): IdList {
  return audience === "client" ? { hashed: ids.map((id) => hashId(id)).sort() } : { values: ids };
}

function segmentsUsed(flags: FlagSource[]): Set<string> {
  const conditions = flags.flatMap((flag) => flag.config.rules).flatMap((rule) => rule.when);
  return new Set(conditions.flatMap((condition) => ("segments" in condition ? condition.segments : [])));
}

function unitAttributes(flags: FlagSource[]): string[] {
  const serves = flags.flatMap((flag) => [flag.config.serve, ...flag.config.rules.map((rule) => rule.serve)]);
  const by = serves.flatMap((serve) => ("split" in serve ? [serve.split.by] : []));
  return [...new Set(["targetingKey", ...by])].sort();
}
