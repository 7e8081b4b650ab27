import {
  type Audience,
  type ErrorCode,
  type EvaluationContext,
  evaluationOf,
  type Flag,
  type FlagType,
  flagTypeOf,
  type JsonValue,
  type Prepared,
  prepare,
  prepareSubject,
  type Ruleset,
  resolveFlag,
  type Subject,
} from "@telltale/evaluator";
import type { CurrentRuleset } from "@telltale/ruleset/read";

/** One flag's answer in the words of the OpenFeature Remote Evaluation Protocol. */
export type OfrepEvaluation =
  | { key: string; value: JsonValue; reason: string; variant: string; metadata: Record<string, string | number> }
  | OfrepError;

export interface OfrepError {
  key: string;
  errorCode: ErrorCode | "INVALID_CONTEXT";
  errorDetails: string;
}

/** The evaluator wants a default of the flag's type; it is never answered. */
const FALLBACKS: Record<FlagType, JsonValue> = { boolean: false, string: "", number: 0, json: {} };

/** A server ruleset ready for evaluation. */
export interface Decidable {
  readonly ruleset: Prepared;
  /** Flags whose answers a client key may have: those it decides by itself elsewhere, and those of the edge alone. */
  readonly clientKeys: ReadonlySet<string>;
}

const decidable = new WeakMap<CurrentRuleset, Decidable | undefined>();

/** The server ruleset ready for evaluation, made once a version; undefined when this edge is too old for it. */
export function decidableOf(current: CurrentRuleset): Decidable | undefined {
  if (!decidable.has(current)) {
    const document = JSON.parse(current.document) as Ruleset;
    const result = prepare(document);
    decidable.set(current, result.ok ? { ruleset: result.ruleset, clientKeys: clientKeysOf(document) } : undefined);
  }
  return decidable.get(current);
}

function clientKeysOf({ flags }: Ruleset): Set<string> {
  return new Set(Object.keys(flags).filter((key) => flags[key]?.visibility !== undefined));
}

/** One flag for a key of this audience; one it may not see does not exist for it. */
export function evaluateFlag(
  { ruleset, clientKeys }: Decidable,
  audience: Audience,
  key: string,
  subject: Subject,
): OfrepEvaluation {
  const { environment, flags } = ruleset.document;
  const flag: Flag | undefined = Object.hasOwn(flags, key) ? flags[key] : undefined;
  if (audience === "client" && !clientKeys.has(key)) {
    // In the evaluator's own words: whether a hidden flag exists is not told.
    return {
      key,
      errorCode: "FLAG_NOT_FOUND",
      errorDetails: `flag "${key}": ${environment} has no such flag`,
    };
  }
  const fallback = FALLBACKS[flag ? flagTypeOf(flag) : "boolean"];
  const {
    value,
    reason,
    variant = "",
    rule,
    version,
    error,
  } = evaluationOf(resolveFlag(ruleset, key, subject, fallback));
  if (error) return { key, errorCode: error.code, errorDetails: error.message };
  return { key, value, reason, variant, metadata: { version, ...(rule !== undefined && { rule }) } };
}

/**
 * Every flag that is not archived; one that cannot be decided is an error among the others. The context is read once,
 * whatever the number of flags, and each flag is a step of its own.
 */
export function* answersOf(
  decidable: Decidable,
  audience: Audience,
  context: EvaluationContext,
): Generator<OfrepEvaluation, void> {
  const subject = prepareSubject(context);
  for (const key of Object.keys(decidable.ruleset.document.flags)) {
    const answer = evaluateFlag(decidable, audience, key, subject);
    if (!("errorCode" in answer && answer.errorCode === "FLAG_NOT_FOUND")) yield answer;
  }
}
