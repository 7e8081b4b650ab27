import type { JsonValue } from "./ruleset.ts";

/** OpenFeature's evaluation context: the targeting key plus any attributes. */
export interface EvaluationContext {
  targetingKey?: string;
  [attribute: string]: unknown;
}

/** OpenFeature's reasons. */
export type Reason = "STATIC" | "TARGETING_MATCH" | "SPLIT" | "DEFAULT" | "DISABLED" | "ERROR";

/** OpenFeature's error codes that local evaluation can answer. */
export type ErrorCode =
  | "PROVIDER_NOT_READY"
  | "FLAG_NOT_FOUND"
  | "TYPE_MISMATCH"
  | "TARGETING_KEY_MISSING"
  | "PARSE_ERROR"
  | "GENERAL";

export interface EvaluationError {
  code: ErrorCode;
  message: string;
}

/** What an evaluation answers. It never throws; with `error`, `value` is the caller's default. */
export interface Evaluation<T = JsonValue> {
  value: T;
  /** Absent when the caller's default was returned. */
  variant?: string | undefined;
  reason: Reason;
  /** Id of the rule that decided; absent for default serve, off and errors. */
  rule?: string | undefined;
  /** Version of the ruleset that decided; 0 when there was none. */
  version: number;
  /** Present when this unit met an experiment's variant: the context's attribute `by` is the unit. */
  exposure?: { readonly experiment: string; readonly by: string } | undefined;
  error?: EvaluationError | undefined;
}

/** A way in which a flag can answer: made once with its ruleset, the same object for everybody who gets it. */
export interface Outcome<T = JsonValue> {
  readonly flag: string;
  /** Frozen. */
  readonly evaluation: Readonly<Evaluation<T>>;
  /** For the owner of the ruleset, who may count here how often it was served. */
  count: number;
}

/** Every evaluation has the same shape, whatever it answers: that is what keeps readers of it fast. */
export function outcomeOf<T extends JsonValue>(
  flag: string,
  version: number,
  reason: Reason,
  value: T,
  more: Pick<Evaluation, "variant" | "rule" | "exposure" | "error">,
): Outcome<T> {
  const { variant, rule, exposure, error } = more;
  return { flag, evaluation: Object.freeze({ value, variant, reason, rule, version, exposure, error }), count: 0 };
}
