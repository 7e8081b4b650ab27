import { draw, isSplit, type Outcome } from "./bounds.ts";
import type { ErrorCode, Evaluation, EvaluationContext } from "./evaluation.ts";
import type { Prepared, PreparedFlag } from "./prepare.ts";
import type { FlagType, JsonValue } from "./ruleset.ts";
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
  if (ruleset === undefined) {
    return failure(0, fallback, "PROVIDER_NOT_READY", "no ruleset has arrived yet: await ready(), or bootstrap one");
  }
  const { version } = ruleset;
  try {
    const found = ruleset.flags.get(flag);
    if (found === undefined) {
      return failure(version, fallback, "FLAG_NOT_FOUND", `flag "${flag}" is not in ${ruleset.environment}`);
    }
    if (found.archived) return failure(version, fallback, "FLAG_NOT_FOUND", `flag "${flag}" is archived`);
    if (!fits(found.type, fallback)) {
      return failure(version, fallback, "TYPE_MISMATCH", `flag "${flag}" is ${found.type}, its default is not`);
    }
    const outcome = decide(ruleset, found, context, units);
    if (typeof outcome === "string") {
      const message = `flag "${flag}" splits by "${outcome}", which the context lacks`;
      return failure(version, fallback, "TARGETING_KEY_MISSING", message);
    }
    // The flag's values were checked against its type, and the type against the fallback.
    return outcome as Evaluation<T>;
  } catch (cause) {
    return failure(version, fallback, "GENERAL", `the context could not be read: ${describe(cause)}`);
  }
}

function failure<T extends JsonValue>(version: number, value: T, code: ErrorCode, message: string): Evaluation<T> {
  return { value, reason: "ERROR", version, error: { code, message } };
}

/** Even the text of what was thrown may throw (a symbol does). */
function describe(cause: unknown): string {
  return cause instanceof Error ? cause.message : typeof cause;
}

function fits(type: FlagType, fallback: unknown): boolean {
  return typeof fallback === (type === "json" ? "object" : type);
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
    if (other === undefined || other.archived) return flag.disabled;
    const outcome = decide(ruleset, other, context, units);
    if (typeof outcome === "string" || !prerequisite.variants.has(outcome.variant ?? "")) return flag.disabled;
  }
  for (const target of flag.targets) {
    if (target.ids(context, units)) return target.outcome;
  }
  for (const { when, serve } of flag.rules) {
    if (!when(context, units)) continue;
    if (!isSplit(serve)) return serve;
    const drawn = draw(serve, context, units);
    if (typeof drawn !== "string") return drawn;
  }
  if (!isSplit(flag.serve)) return flag.serve;
  const drawn = draw(flag.serve, context, units);
  if (drawn === "no unit") return flag.serve.by;
  return drawn === "outside" ? flag.outside : drawn;
}
