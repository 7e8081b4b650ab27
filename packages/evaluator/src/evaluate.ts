import { decideFlag } from "./decide/flag.ts";
import { type Subject, subjectOf } from "./decide/subject.ts";
import { type ErrorCode, type Evaluation, type EvaluationContext, type Outcome, outcomeOf } from "./evaluation.ts";
import type { Prepared } from "./prepare.ts";
import type { JsonValue } from "./ruleset.ts";

/**
 * Decides one flag for one context. Order: missing or archived → error; off; prerequisites; individual targets; rules
 * from the top; default serve. Never throws: with `error`, `value` is the fallback. Answers are shared and frozen.
 *
 * @param fallback The caller's default; its type must be the flag's (an object, array or null for a JSON flag).
 */
export function evaluate<T extends JsonValue>(
  ruleset: Prepared | undefined,
  flag: string,
  context: EvaluationContext,
  fallback: T,
): Evaluation<T> {
  try {
    return decide(ruleset, flag, subjectOf(context), fallback).evaluation;
  } catch (cause) {
    return unreadable(flag, ruleset?.version, fallback, cause).evaluation;
  }
}

/** As `evaluate`, for a subject that is asked for more than one flag, or by somebody who counts. */
export function decide<T extends JsonValue>(
  ruleset: Prepared | undefined,
  flag: string,
  subject: Subject,
  fallback: T,
): Outcome<T> {
  if (!ruleset) return failure(flag, 0, fallback, "PROVIDER_NOT_READY", "no ruleset yet: await ready()");
  const { version } = ruleset;
  try {
    const found = ruleset.preparedOf(flag);
    if (!found) return failure(flag, version, fallback, "FLAG_NOT_FOUND", `${ruleset.environment} has no such flag`);
    if (found.isArchived) return failure(flag, version, fallback, "FLAG_NOT_FOUND", "it is archived");
    if (typeof fallback !== found.kind) {
      return failure(
        flag,
        version,
        fallback,
        "TYPE_MISMATCH",
        `it is a ${ruleset.flagType(flag)} flag, the default is not`,
      );
    }
    const outcome = decideFlag(found, subject);
    // The flag's values were checked against its type, and the type against the fallback.
    if (typeof outcome === "object") return outcome as Outcome<T>;
    return failure(flag, version, fallback, "TARGETING_KEY_MISSING", `it splits by "${outcome}", which is missing`);
  } catch (cause) {
    return unreadable(flag, version, fallback, cause);
  }
}

function unreadable<T extends JsonValue>(flag: string, version = 0, fallback: T, cause: unknown): Outcome<T> {
  const why = cause instanceof Error ? cause.message : typeof cause;
  return failure(flag, version, fallback, "GENERAL", `the context cannot be read: ${why}`);
}

function failure<T extends JsonValue>(
  flag: string,
  version: number,
  fallback: T,
  code: ErrorCode,
  why: string,
): Outcome<T> {
  // Callers without types may ask for anything.
  const message = `flag "${typeof flag === "string" ? flag : typeof flag}": ${why}`;
  return outcomeOf(flag, version, "ERROR", fallback, { error: { code, message } });
}
