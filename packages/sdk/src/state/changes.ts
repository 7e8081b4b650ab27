import type { Ruleset } from "@telltale/evaluator";

/**
 * Keys of the flags that may answer differently: added, removed or changed themselves, or by a segment or a
 * prerequisite they use. Both documents must have been accepted by the evaluator (so prerequisites end).
 */
export function changedFlags(before: Ruleset | undefined, after: Ruleset): string[] {
  if (!before) return Object.keys(after.flags);
  const keys = new Set(Object.keys({ ...before.flags, ...after.flags }));
  return [...keys].filter((key) => fingerprint(before, key) !== fingerprint(after, key));
}

/** Everything a flag's answer depends on, as text; undefined for a flag that is not there. */
function fingerprint(ruleset: Ruleset | undefined, key: string): string | undefined {
  const flag = ruleset && Object.hasOwn(ruleset.flags, key) && ruleset.flags[key];
  return flag
    ? JSON.stringify([
        flag,
        flag.rules.map(({ when }) =>
          when.map((one) => "segments" in one && one.segments.map((s) => ruleset.segments[s])),
        ),
        flag.prerequisites?.map((prerequisite) => fingerprint(ruleset, prerequisite.flag)),
      ])
    : undefined;
}
