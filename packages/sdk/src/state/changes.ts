import type { Ruleset } from "@telltale/evaluator";

/**
 * Keys of the flags that may answer differently: added, removed or changed themselves, or by a segment or a
 * prerequisite they use. Both documents must have been accepted by the evaluator (so prerequisites end).
 */
export function changedFlags(before: Ruleset | undefined, after: Ruleset): string[] {
  const keys = new Set([...Object.keys(before?.flags ?? {}), ...Object.keys(after.flags)]);
  const old = before && fingerprints(before);
  const fresh = fingerprints(after);
  return [...keys].filter((key) => old?.(key) !== fresh(key));
}

/** Everything a flag's answer depends on, as text; undefined for a flag that is not there. */
function fingerprints({ flags, segments }: Ruleset): (key: string) => string | undefined {
  const known = new Map<string, string | undefined>();
  const fingerprint = (key: string): string | undefined => {
    if (known.has(key)) return known.get(key);
    const flag = Object.hasOwn(flags, key) ? flags[key] : undefined;
    const used = flag?.rules.flatMap((rule) => rule.when.flatMap((when) => ("segments" in when ? when.segments : [])));
    const print =
      flag &&
      JSON.stringify([
        flag,
        used?.map((segment) => segments[segment]),
        flag.prerequisites?.map((prerequisite) => fingerprint(prerequisite.flag)),
      ]);
    known.set(key, print);
    return print;
  };
  return fingerprint;
}
