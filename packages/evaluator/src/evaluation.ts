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
export interface Evaluation<T extends JsonValue = JsonValue> {
  value: T;
  /** Absent when the caller's default was returned. */
  variant?: string;
  reason: Reason;
  /** Id of the rule that decided; absent for default serve, off and errors. */
  rule?: string;
  /** Version of the ruleset that decided; 0 when there was none. */
  version: number;
  /** Present when this unit met an experiment's variant. */
  exposure?: { experiment: string; unit: string; by: string };
  error?: EvaluationError;
}
