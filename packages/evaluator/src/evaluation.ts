import type { JsonValue, Split } from "./ruleset.ts";

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
  /** Present when this unit was exposed to an experiment's variant: the context's attribute `by` is the unit. */
  exposure?: { readonly experiment: string; readonly by: string } | undefined;
  error?: EvaluationError | undefined;
}

/**
 * A way in which a flag can answer: made once with its ruleset, the same object for everybody who gets it. What a
 * thousand evaluations cost is the memory they touch, so all that one needs is in here.
 */
export interface Resolution<T = JsonValue> {
  readonly value: T;
  /** In a split: the last place of the line that is served this, less 2^31 (so that engines keep a small integer). */
  readonly last: number;
  /** In a split: what the places after `last` are served. */
  readonly next: Resolution | undefined;
  /** For the owner of the ruleset, who may count here how often it was served. */
  count: number;
  readonly variant: string | undefined;
  readonly split: Split | undefined;
  readonly flag: string;
  readonly reason: Reason;
  readonly rule: string | undefined;
  readonly version: number;
  readonly error: EvaluationError | undefined;
  /** Made when it is first asked for: see `evaluationOf`. */
  evaluation: Evaluation<T> | undefined;
}

/** The one place where resolutions are made: all have the same shape, which keeps readers of them fast. */
export function createResolution<T>(
  flag: string,
  version: number,
  value: T,
  reason: Reason,
  { variant, rule, split, last = 0, next, error }: Partial<Resolution<T>>,
): Resolution<T> {
  return { value, last, next, count: 0, variant, split, flag, reason, rule, version, error, evaluation: undefined };
}

/** What is told of a resolution: frozen, and the same object each time. */
export function evaluationOf<T>(resolution: Resolution<T>): Evaluation<T> {
  resolution.evaluation ??= tell(resolution);
  return resolution.evaluation;
}

function tell<T>({ value, variant, reason, rule, version, split, error }: Resolution<T>): Evaluation<T> {
  const { experiment, by = "targetingKey" } = split ?? {};
  const exposure = experiment === undefined ? undefined : Object.freeze({ experiment, by });
  return Object.freeze({ value, variant, reason, rule, version, exposure, error });
}
