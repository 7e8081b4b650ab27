import { compileServe, type Outcome, type PreparedServe } from "./bounds.ts";
import { count, list, must, Refusal, record, text, texts } from "./check.ts";
import { compileConditions, compileIds, type Test } from "./conditions.ts";
import type { Reason } from "./evaluation.ts";
import { type Audience, type FlagType, type Hints, type JsonValue, RULESET_SCHEMA } from "./ruleset.ts";
import { compileSegments } from "./segments.ts";

/** A ruleset made ready for evaluation: immutable, shared by every evaluation of its version. */
export interface Prepared {
  readonly environment: string;
  readonly audience: Audience;
  readonly version: number;
  readonly digest: string;
  /** Attributes that some split hashes by. */
  readonly attributes: readonly string[];
  readonly hints: Readonly<Hints>;
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
  readonly prerequisites: readonly { readonly flag: string; readonly variants: ReadonlySet<string> }[];
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
    return { ok: true, ruleset: prepareRuleset(record(document, "a ruleset")) };
  } catch (cause) {
    return { ok: false, reason: cause instanceof Refusal ? cause.message : `the ruleset cannot be read: ${cause}` };
  }
}

function prepareRuleset(document: Record<string, unknown>): Prepared {
  must(
    document.schema === RULESET_SCHEMA,
    `this evaluator reads ruleset schema ${RULESET_SCHEMA}, got ${JSON.stringify(document.schema)}: update the SDK`,
  );
  const { audience } = document;
  must(audience === "server" || audience === "client", 'audience must be "server" or "client"');
  const hints = record(document.hints, "hints");
  const version = count(document.version, "version");
  const segments = compileSegments(document.segments);
  const flags = new Map<string, PreparedFlag>();
  for (const [key, flag] of Object.entries(record(document.flags, "flags"))) {
    flags.set(
      key,
      inFlag(key, () => prepareFlag(record(flag, "it"), version, segments)),
    );
  }
  refuseCycles(flags);
  return {
    environment: text(document.environment, "environment"),
    audience,
    version,
    digest: text(document.digest, "digest"),
    attributes: texts(document.attributes, "attributes"),
    hints: { flushIntervalMs: count(hints.flushIntervalMs, "flushIntervalMs"), fastLane: hints.fastLane === true },
    flags,
    flagKeys: () => [...flags.keys()],
    flagType: (key) => flags.get(key)?.type,
  };
}

/** Adds the flag's key to whatever is refused inside. */
function inFlag<T>(key: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw cause instanceof Refusal ? new Refusal(`flag "${key}": ${cause.message}`) : cause;
  }
}

function prepareFlag(flag: Record<string, unknown>, version: number, segments: ReadonlyMap<string, Test>) {
  const { type } = flag;
  must(isFlagType(type), `unknown type ${JSON.stringify(type)}`);
  const variants = new Map<string, JsonValue>();
  for (const [key, value] of Object.entries(record(flag.variants, "variants"))) {
    must(type === "json" || typeof value === type, `variant "${key}" is not a ${type}`);
    variants.set(key, frozenCopy(value));
  }
  const outcome = (variant: string, reason: Reason, rule?: string): Outcome => {
    const value = variants.get(variant);
    must(value !== undefined, `unknown variant "${variant}"`);
    return Object.freeze({ value, variant, reason, ...(rule === undefined ? {} : { rule }), version });
  };
  const prerequisites = optionalList(flag.prerequisites, "prerequisites").map((item) => {
    const { flag: key, variants: any } = record(item, "a prerequisite");
    return { flag: text(key, "a prerequisite's flag"), variants: new Set(texts(any, "a prerequisite's variants")) };
  });
  const targets = optionalList(flag.targets, "targets").map((item) => {
    const target = record(item, "a target");
    const variant = text(target.variant, "a target's variant");
    return { ids: compileIds(target.ids), outcome: outcome(variant, "TARGETING_MATCH") };
  });
  const rules = list(flag.rules, "rules").map((item) => {
    const rule = record(item, "a rule");
    const id = text(rule.id, "a rule's id");
    const outcomeOf = (variant: string, split: boolean) => outcome(variant, split ? "SPLIT" : "TARGETING_MATCH", id);
    return { when: compileConditions(rule.when, segments), serve: compileServe(rule.serve, outcomeOf) };
  });
  const off = text(flag.off, "off");
  const plain = rules.length + targets.length + prerequisites.length === 0 ? "STATIC" : "DEFAULT";
  must(typeof flag.on === "boolean", "on must be true or false");
  return {
    type,
    archived: flag.archived === true,
    on: flag.on,
    disabled: outcome(off, "DISABLED"),
    outside: outcome(off, "DEFAULT"),
    prerequisites,
    targets,
    rules,
    serve: compileServe(flag.serve, (variant, split) => outcome(variant, split ? "SPLIT" : plain)),
  } satisfies PreparedFlag;
}

function isFlagType(type: unknown): type is FlagType {
  return type === "boolean" || type === "string" || type === "number" || type === "json";
}

function optionalList(value: unknown, name: string): unknown[] {
  return value === undefined ? [] : list(value, name);
}

/** JSON values are shared by everyone who evaluates, so nobody may change them. */
function frozenCopy(value: unknown): JsonValue {
  if (typeof value !== "object") return value as JsonValue;
  return JSON.parse(JSON.stringify(value), (_key, part) => Object.freeze(part));
}

function refuseCycles(flags: ReadonlyMap<string, PreparedFlag>): void {
  const done = new Set<string>();
  const visit = (key: string, path: string[]): void => {
    must(!path.includes(key), `prerequisites go round in a circle: ${[...path, key].join(" → ")}`);
    if (done.has(key)) return;
    for (const prerequisite of flags.get(key)?.prerequisites ?? []) visit(prerequisite.flag, [...path, key]);
    done.add(key);
  };
  for (const key of flags.keys()) visit(key, []);
}
