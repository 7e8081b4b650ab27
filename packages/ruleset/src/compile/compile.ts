import type { ConfigCondition, ConfigServe, ConfigSplit, SegmentDefinition } from "@telltale/configuration";
import {
  type Audience,
  type Condition,
  endsOf,
  type Hints,
  hashId,
  RULESET_SCHEMA,
  type Ruleset,
  type Serve,
  type Split,
  seedOf,
} from "@telltale/evaluator";
import { assemble } from "../read/assemble.ts";
import { type CompiledFlag, type CompiledSegment, Entries, type EntryChange } from "../read/entries.ts";
import type { EnvironmentSource, FlagSource } from "./environment-source.ts";

const hints: Hints = { flushIntervalMs: 2_000, fastLane: false };
/** Where nothing is critical, people may try flags out on themselves. */
const relaxedHints: Hints = { ...hints, overrides: true };

/** What a flag is compiled for: its readers, and the keys of the holdouts that have not ended. */
interface Target {
  audience: Audience;
  holdouts: ReadonlySet<string>;
}

/**
 * Compiles an environment into what SDKs read. Pure: the same source and version give the same bytes.
 * For clients, flags whose visibility is not `client` are left out and listed ids are hashed (obfuscation, not secrecy).
 */
export function compile(source: EnvironmentSource, audience: Audience, version: number): Ruleset {
  const entries = new Entries();
  entries.apply(compileEntries(source, audience));
  return assemble(entries, audience, version);
}

/** Compiles each part of a source by itself: a flag's entry depends on that flag and the holdouts, on no other flag. */
export function compileEntries(source: EnvironmentSource, audience: Audience): EntryChange[] {
  const visible = source.flags.filter((flag) => audience === "server" || flag.visibility === "client");
  const target: Target = { audience, holdouts: new Set(source.holdouts.map(({ key }) => key)) };
  return [
    ["header", "", { schema: RULESET_SCHEMA, environment: source.environment, hints: hintsOf(source, audience) }],
    ...source.holdouts.map(
      ({ key, by, salt, parts }): EntryChange => ["holdout", key, { by, seed: seedOf(salt), end: endOf(parts) }],
    ),
    ...source.segments.map(
      ({ key, definition }): EntryChange => ["segment", key, compileSegment(definition, audience)],
    ),
    ...visible.map((flag): EntryChange => ["flag", flag.key, compileFlag(flag, target)]),
  ];
}

/** While a release is watched, SDKs send what they observe at once. Browsers are told of no flag that they do not see. */
function hintsOf({ critical, watched }: EnvironmentSource, audience: Audience): Hints {
  const usual = critical ? hints : relaxedHints;
  const seen = watched.filter(({ visibility }) => audience === "server" || visibility === "client");
  if (seen.length === 0) return usual;
  const byFlag = seen.map(({ flag, watch }) => [flag, watch] as const).sort(([a], [b]) => (a < b ? -1 : 1));
  return { ...usual, fastLane: true, watched: Object.fromEntries(byFlag) };
}

function compileFlag(flag: FlagSource, target: Target): CompiledFlag {
  const { config } = flag;
  const { prerequisites = [] } = config;
  const targets = config.targets.filter(({ ids }) => ids.length > 0);
  const { audience } = target;
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
            when.map((condition) => compileCondition(condition, audience)),
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

function compileSplit(split: ConfigSplit, active: ReadonlySet<string>): Split {
  const { layer, share } = split;
  const holdouts = (split.holdouts ?? []).filter((key) => active.has(key));
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

function compileSegment({ included, excluded, rules }: SegmentDefinition, audience: Audience): CompiledSegment {
  return {
    ...(included.length > 0 ? { included: idList(included, audience) } : {}),
    ...(excluded.length > 0 ? { excluded: idList(excluded, audience) } : {}),
    // A rule that asks nothing would hold everybody; it is not what somebody means who has not written it yet.
    rules: rules
      .filter((rule) => rule.length > 0)
      .map((rule) => rule.map((condition) => compileCondition(condition, audience))),
  };
}

/** Hashed and sorted for clients, so that the order of a list reveals nothing. */
function idList(ids: string[], audience: Audience): string[] {
  return audience === "client" ? ids.map((id) => hashId(id)).sort() : ids;
}
