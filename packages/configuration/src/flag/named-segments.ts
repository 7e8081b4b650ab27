import type { FlagConfiguration } from "./configuration.ts";

/** Keys of the segments that a configuration's rules name, each once. */
export function namedSegments({ rules }: Pick<FlagConfiguration, "rules">): string[] {
  const conditions = rules.flatMap(({ when }) => when);
  return [...new Set(conditions.flatMap((condition) => ("segments" in condition ? condition.segments : [])))];
}
