import {
  type Audience,
  type Condition,
  createNaming,
  endsOf,
  type Flag,
  type Hints,
  type Holdout,
  hashId,
  type Naming,
  RULESET_SCHEMA,
  type Ruleset,
  type Segment,
  type Serve,
  type Split,
  sealed,
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

/** What every part is compiled for. */
interface Target {
  audience: Audience;
  naming: Naming;
  holdouts: Record<string, Holdout>;
}

/**
 * Compiles an environment into what SDKs read. Pure: the same source and version give the same bytes.
 * For clients, flags whose visibility is not `client` are left out and listed ids are hashed (obfuscation, not secrecy).
 */
export function compile(source: EnvironmentSource, audience: Audience, version: number): Ruleset {
  const visible = source.flags.filter((flag) => audience === "server" || flag.visibility === "client");
  const holdouts = record(source.holdouts, ({ by, salt, parts }) => ({ by, seed: seedOf(salt), end: endOf(parts) }));
  const target: Target = { audience, holdouts, naming: createNaming() };
  const flags = record(visible, (flag) => compileFlag(flag, target));
  const used = segmentsUsed(visible);
  const segments = record(
    source.segments.filter((segment) => used.has(segment.key)),
    (segment) => compileSegment(segment.definition, target),
  );
  return sealed({
    schema: RULESET_SCHEMA,
    environment: source.environment,
    audience,
    version,
    attributes: unitAttributes(visible),
    hints: source.critical ? hints : relaxedHints,
    conditions: target.naming.all(),
    segments,
    ...(source.holdouts.length > 0 ? { holdouts } : {}),
    flags,
  });
}

/** Sorted by key, so that the order of rows never changes the digest. */
function record<S extends { key: string }, T>(sources: S[], make: (source: S) => T): Record<string, T> {
  const sorted = [...sources].sort((a, b) => (a.key < b.key ? -1 : 1));
  return Object.fromEntries(sorted.map((source) => [source.key, make(source)]));
}

function compileFlag(flag: FlagSource, target: Target): Flag {
  const { config } = flag;
  const { prerequisites = [] } = config;
  const targets = config.targets.filter(({ ids }) => ids.length > 0);
  const { audience, naming } = target;
  return {
    ...(flag.type === "json" ? { type: flag.type } : {}),
    ...(config.on ? {} : { on: false as const }),
    ...(flag.archived ? { archived: true as const } : {}),
    ...(audience === "server" && flag.visibility !== "server" ? { visibility: flag.visibility } : {}),
    variants: Object.fromEntries(flag.variants.map((variant) => [variant.key, variant.value])),
    off: config.off,
    ...(prerequisites.length > 0 ? { prerequisites } : {}),
    ...(targets.length > 0
      ? { targets: targets.map(({ variant, ids }) => ({ variant, ids: idList(ids, audience) })) }
      : {}),
    ...(config.rules.length > 0
      ? {
          rules: config.rules.map(({ id, when, serve }) => [
            id,
            naming.nameOf(when.map((condition) => compileCondition(condition, audience))),
            compileServe(serve, target),
          ]),
        }
      : {}),
    serve: compileServe(config.serve, target),
  };
}

function compileServe(serve: ConfigServe, { holdouts }: Target): Serve {
  return "variant" in serve ? serve.variant : compileSplit(serve.split, holdouts);
}

/** Where that many parts of 100,000 end on the line. */
const endOf = (parts: number) => endsOf([parts])[0] ?? 0;

function compileSplit(split: ConfigSplit, active: Record<string, Holdout>): Split {
  const { layer, share } = split;
  const holdouts = (split.holdouts ?? []).filter((key) => Object.hasOwn(active, key));
  return {
    ...(split.by === "targetingKey" ? {} : { by: split.by }),
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

function compileSegment({ included, excluded, rules }: SegmentDefinition, { audience, naming }: Target): Segment {
  const asked = rules.map((rule) => naming.nameOf(rule.map((condition) => compileCondition(condition, audience))));
  return {
    ...(included.length > 0 ? { included: idList(included, audience) } : {}),
    ...(excluded.length > 0 ? { excluded: idList(excluded, audience) } : {}),
    // A rule that asks nothing would hold everybody; it is not what somebody means who has not written it yet.
    rules: asked.filter((name) => name !== ""),
  };
}

/** Hashed and sorted for clients: the order of a list tells nothing. */
function idList(ids: string[], audience: Audience): string[] {
  return audience === "client" ? ids.map((id) => hashId(id)).sort() : ids;
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
