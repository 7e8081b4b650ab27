import type { ConfigServe, FlagConfiguration } from "../../query/outputs.ts";
import { conditionProblems } from "./conditions.ts";
import { experimentOf } from "./serves.ts";

/** Why a configuration cannot be published yet, a sentence each. */
export function configProblems(config: FlagConfiguration): string[] {
  const problems: string[] = [];
  for (const [at, rule] of config.rules.entries()) {
    const name = `Rule ${at + 1}`;
    if (rule.when.length === 0 && !experimentOf(rule.serve)) {
      problems.push(`${name} has no condition: without one it takes everybody.`);
    }
    if (rule.when.some((condition) => Object.keys(conditionProblems(condition)).length > 0)) {
      problems.push(`${name} has a condition that is not filled in.`);
    }
    if (hasBlankUnit(rule.serve)) problems.push(`${name} splits by no attribute.`);
  }
  if (hasBlankUnit(config.serve)) problems.push("Everyone else is split by no attribute.");
  return problems;
}

function hasBlankUnit(serve: ConfigServe): boolean {
  return "split" in serve && serve.split.by.trim() === "";
}
