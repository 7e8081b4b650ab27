import {
  type ErrorCode,
  type EvaluationContext,
  evaluate,
  type FlagType,
  type JsonValue,
  type Prepared,
  prepare,
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

const prepared = new WeakMap<CurrentRuleset, Prepared | undefined>();

/** The ruleset ready for evaluation, made once a version; undefined when this edge is too old for it. */
export function preparedOf(ruleset: CurrentRuleset): Prepared | undefined {
  if (!prepared.has(ruleset)) {
    const result = prepare(JSON.parse(ruleset.document));
    prepared.set(ruleset, result.ok ? result.ruleset : undefined);
  }
  return prepared.get(ruleset);
}

export function evaluateFlag(ruleset: Prepared, key: string, context: EvaluationContext): OfrepEvaluation {
  const type = ruleset.flagType(key) ?? "boolean";
  const { value, reason, variant = "", rule, version, error } = evaluate(ruleset, key, context, FALLBACKS[type]);
  if (error) return { key, errorCode: error.code, errorDetails: error.message };
  return { key, value, reason, variant, metadata: { version, ...(rule !== undefined && { rule }) } };
}

/** Every flag that is not archived; one that cannot be decided is an error among the others. */
export function evaluateAll(ruleset: Prepared, context: EvaluationContext): OfrepEvaluation[] {
  return ruleset
    .flagKeys()
    .map((key) => evaluateFlag(ruleset, key, context))
    .filter((answer) => !("errorCode" in answer && answer.errorCode === "FLAG_NOT_FOUND"));
}
