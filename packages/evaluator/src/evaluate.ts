import { decideFlag } from "./decide/flag.ts";
import { prepareSubject, type Subject } from "./decide/subject.ts";
import {
  createResolution,
  type ErrorCode,
  type Evaluation,
  type EvaluationContext,
  evaluationOf,
  type Resolution,
} from "./evaluation.ts";
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
  let subject: Subject;
  try {
    subject = prepareSubject(context);
  } catch (cause) {
    return evaluationOf(failure(flag, ruleset, fallback, "GENERAL", `the context cannot be read: ${messageOf(cause)}`));
  }
  return evaluationOf(resolveFlag(ruleset, flag, subject, fallback));
}

/** As `evaluate`, for a subject that is asked for more than one flag, or by somebody who counts. */
export function resolveFlag<T extends JsonValue>(
  ruleset: Prepared | undefined,
  flag: string,
  subject: Subject,
  fallback: T,
): Resolution<T> {
  const fail = (code: ErrorCode, why: string) => failure(flag, ruleset, fallback, code, why);
  if (!ruleset) return fail("PROVIDER_NOT_READY", "no ruleset yet: await ready()");
  try {
    const found = ruleset.flagOf(flag);
    if (!found) return fail("FLAG_NOT_FOUND", `${ruleset.document.environment} has no such flag`);
    if (found.isArchived) return fail("FLAG_NOT_FOUND", "it is archived");
    if (typeof fallback !== found.kind)
      return fail("TYPE_MISMATCH", `its values are of type ${found.kind}, the default is not`);
    const resolution = decideFlag(found, subject);
    // The flag's type was checked against the fallback's.
    if (typeof resolution === "object") return resolution as Resolution<T>;
    return fail("TARGETING_KEY_MISSING", `it splits by "${resolution}", which is missing`);
  } catch (cause) {
    return fail("GENERAL", `it cannot be decided: ${messageOf(cause)}`);
  }
}

const messageOf = (cause: unknown) => (cause instanceof Error ? cause.message : typeof cause);

function failure<T extends JsonValue>(
  flag: string,
  ruleset: Prepared | undefined,
  value: T,
  code: ErrorCode,
  why: string,
): Resolution<T> {
  // Callers without types may ask for anything.
  const error = { code, message: `flag "${typeof flag === "string" ? flag : typeof flag}": ${why}` };
  return createResolution(flag, ruleset?.document.version ?? 0, value, "ERROR", { error });
}
