import type { ConfigCondition } from "@telltale/ruleset";
import { check } from "recheck";
import { invalid } from "../door/error.ts";

/** How long one pattern may be looked at; the checker runs in a process of its own where it can. */
const TIMEOUT_MS = 5_000;

/** Why a pattern cannot be used; undefined when it can. Patterns are few and come again with every change. */
const verdicts = new Map<string, Promise<string | undefined>>();
const VERDICTS_MAX = 1_000;

/**
 * Refuses regular expressions that some text would make run for longer than its length explains (ReDoS): SDKs run them
 * in other people's programs. Asked outside of the transaction, as it takes time.
 * @throws ControlError INVALID
 */
export async function vetPatterns(conditions: readonly ConfigCondition[]): Promise<void> {
  const patterns = conditions.flatMap((condition) =>
    condition.op === "matches" || condition.op === "notMatches" ? condition.values : [],
  );
  const problems: string[] = [];
  // One after another: each may keep a core busy.
  for (const pattern of new Set(patterns)) {
    const problem = await verdictOf(pattern);
    if (problem !== undefined) problems.push(problem);
  }
  if (problems.length > 0) throw invalid(problems);
}

function verdictOf(pattern: string): Promise<string | undefined> {
  const verdict = verdicts.get(pattern) ?? judge(pattern);
  if (verdicts.size >= VERDICTS_MAX) verdicts.clear();
  verdicts.set(pattern, verdict);
  return verdict;
}

async function judge(pattern: string): Promise<string | undefined> {
  const result = await check(pattern, "u", { timeout: TIMEOUT_MS }).catch((cause: unknown) => {
    verdicts.delete(pattern);
    throw cause;
  });
  if (result.status === "safe") return undefined;
  if (result.status === "vulnerable") {
    const growth = result.complexity.type === "exponential" ? "exponentially" : "faster than its length";
    return `/${pattern}/ can take very long: on texts like ${result.attack.pattern.slice(0, 80)} its time grows ${growth}. Write it without repetitions inside or beside repetitions of the same characters.`;
  }
  return `/${pattern}/ could not be shown to be fast within ${TIMEOUT_MS / 1_000} s. Write it more simply.`;
}
