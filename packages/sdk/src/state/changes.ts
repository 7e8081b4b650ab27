import type { Ruleset } from "@telltale/evaluator";

/**
 * Keys of the flags that may answer differently: added, removed or changed themselves, or by a segment or a
 * prerequisite they use.
 */
export function changedFlags(before: Ruleset | undefined, after: Ruleset): string[] {
  const keys = Object.keys(after.flags);
  if (!before) return keys;
  const all = [...new Set(Object.keys(before.flags).concat(keys))];
  try {
    return all.filter((key) => textOf(before, key) !== textOf(after, key));
  } catch {
    // Prerequisites in a circle, which no published ruleset has.
    return all;
  }
}

/** Everything a flag's answer depends on. Names of conditions are made of what they ask. */
function textOf(ruleset: Ruleset, key: string): string {
  const { flags, conditions, segments } = ruleset;
  const flag = flags[key];
  const used = flag?.rules?.map(([, when]) =>
    conditions[when]?.map((one) => "segments" in one && one.segments.map((segment) => segments[segment])),
  );
  const needed = flag?.prerequisites?.map((one) => textOf(ruleset, one.flag));
  return JSON.stringify([flag, used, needed]);
}
