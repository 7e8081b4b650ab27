import type { Ruleset } from "./ruleset.ts";

/** What makes the next version of a ruleset from the one before it. */
export interface RulesetPatch {
  /** The version it is made for. */
  from: number;
  /** Members that are another now, `digest` and `version` among them. */
  set: Partial<Ruleset>;
  /** Of the members that are records, the entries that are another now; null for one that is gone. */
  entries: { [record: string]: { [key: string]: unknown } };
}

const RECORDS = ["conditions", "segments", "holdouts", "flags"] as const;

/** The text of the next version. It fits its digest (`isIntact`) exactly when the patch was made for this document. */
export function applyPatch(document: Ruleset, { set, entries }: RulesetPatch): string {
  const next: Record<string, unknown> = { ...document, ...set };
  for (const record of Object.keys(entries)) {
    const all = new Map(Object.entries(next[record] ?? {}).concat(Object.entries(entries[record] ?? {})));
    // As publishers sort them; an object then has keys that are whole numbers before the others.
    const kept = [...all].filter(([, entry]) => entry !== null).sort(([a], [b]) => (a < b ? -1 : 1));
    next[record] = Object.fromEntries(kept);
  }
  return JSON.stringify(next);
}

/**
 * The patch from one version to another; undefined where none leads there exactly, or where it would be as long as the
 * document itself: send that.
 */
export function patchBetween(before: Ruleset, after: Ruleset): RulesetPatch | undefined {
  const set: Record<string, unknown> = {};
  const entries: RulesetPatch["entries"] = {};
  for (const [member, value] of Object.entries(after)) {
    const old: unknown = before[member as keyof Ruleset];
    if (JSON.stringify(old) === JSON.stringify(value)) continue;
    if ((RECORDS as readonly string[]).includes(member)) entries[member] = entriesBetween(old ?? {}, value);
    else set[member] = value;
  }
  const patch = { from: before.version, set, entries };
  const text = JSON.stringify(after);
  return applyPatch(before, patch) === text && JSON.stringify(patch).length < text.length ? patch : undefined;
}

function entriesBetween(before: object, after: object): { [key: string]: unknown } {
  const [old, now] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  const changed = [...new Set([...old.keys(), ...now.keys()])].filter(
    (key) => JSON.stringify(old.get(key)) !== JSON.stringify(now.get(key)),
  );
  return Object.fromEntries(changed.map((key) => [key, now.get(key) ?? null]));
}
