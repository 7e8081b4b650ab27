import { draw, type Outcome } from "./bounds.ts";
import type { ErrorCode, Evaluation, EvaluationContext } from "./evaluation.ts";
import type { Prepared, PreparedFlag } from "./prepare.ts";
import type { JsonValue } from "./ruleset.ts";
import type { UnitCache } from "./unit.ts";

/**
 * Decides one flag for one context. Order: missing or archived → error; off; prerequisites; individual targets; rules
 * from the top; default serve. Never throws: with `error`, `value` is the fallback. Answers are shared and frozen.
 *
 * @param fallback The caller's default; its type must be the flag's (an object, array or null for a JSON flag).
 * @param units Encoded units of this very context, kept by the caller from call to call; optional, for speed only.
 */
export function evaluate<T extends JsonValue>(
  ruleset: Prepared | undefined,
  flag: string,
  context: EvaluationContext,
  fallback: T,
  units?: UnitCache,
): Evaluation<T> {
  if (!ruleset) return failure(0, fallback, "PROVIDER_NOT_READY", "no ruleset yet: await ready()");
  const { version } = ruleset;
  try {
    const found = ruleset.flags.get(flag);
    if (!found) return failure(version, fallback, "FLAG_NOT_FOUND", `no flag "${flag}" in ${ruleset.environment}`);
    if (found.archived) return failure(version, fallback, "FLAG_NOT_FOUND", `flag "${flag}" is archived`);
    const { type } = found;
    if (typeof fallback !== (type === "json" ? "object" : type)) {
      return failure(version, fallback, "TYPE_MISMATCH", `flag "${flag}" is ${type}, its default is not`);
    }
    const outcome = decide(ruleset, found, context, units);
    // The flag's values were checked against its type, and the type against the fallback.
    if (typeof outcome !== "string") return outcome as Evaluation<T>;
    return failure(
      version,
      fallback,
      "TARGETING_KEY_MISSING",
      `flag "${flag}" splits by "${outcome}", which the context lacks`,
    );
  } catch (cause) {
    return failure(
      version,
      fallback,
      "GENERAL",
      `the context cannot be read: ${cause instanceof Error ? cause.message : typeof cause}`,
    );
  }
}

function failure<T extends JsonValue>(version: number, value: T, code: ErrorCode, message: string): Evaluation<T> {
  return { value, reason: "ERROR", version, error: { code, message } };
}

/** The flag's answer, or the name of the attribute that its default split needs and the context lacks. */
function decide(
  ruleset: Prepared,
  flag: PreparedFlag,
  context: EvaluationContext,
  units: UnitCache | undefined,
): Outcome | string {
  if (!flag.on) return flag.disabled;
  for (const prerequisite of flag.prerequisites) {
    const other = ruleset.flags.get(prerequisite.flag);
    if (!other || other.archived) return flag.disabled;
    const outcome = decide(ruleset, other, context, units);
    if (typeof outcome === "string" || !prerequisite.variants.includes(outcome.variant ?? "")) return flag.disabled;
  }
  for (const target of flag.targets) {
    if (target.ids(context, units)) return target.outcome;
  }
  for (const { when, serve } of flag.rules) {
    const outcome = when(context, units) && draw(serve, context, units);
    if (outcome) return outcome;
  }
  const outcome = draw(flag.serve, context, units);
  return outcome ?? (outcome === undefined ? flag.outside : (flag.serve as { by: string }).by);
}
