import { setImmediate as pause } from "node:timers/promises";
import type { ConfigCondition } from "@telltale/configuration";
import { patternProblem } from "@telltale/ruleset";
import { invalid } from "../door/error.ts";

/** Why a pattern cannot be used; undefined when it can. Patterns are few and come again with every change. */
const verdicts = new Map<string, string | undefined>();
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
  for (const pattern of new Set(patterns)) {
    const problem = await verdictOn(pattern);
    if (problem !== undefined) problems.push(problem);
  }
  if (problems.length > 0) throw invalid(problems);
}

async function verdictOn(pattern: string): Promise<string | undefined> {
  if (verdicts.has(pattern)) return verdicts.get(pattern);
  // Each may keep the loop for a fraction of a second: other requests come in between.
  await pause();
  const problem = patternProblem(pattern);
  if (verdicts.size >= VERDICTS_MAX) verdicts.clear();
  verdicts.set(pattern, problem);
  return problem;
}
