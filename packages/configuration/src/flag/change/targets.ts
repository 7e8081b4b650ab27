import type { ConfigTarget } from "../configuration.ts";

/** Which variant each targeted id gets: of several lists that name an id, the first holds. */
export function variantsById(targets: readonly ConfigTarget[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const { variant, ids } of targets) for (const id of ids) if (!found.has(id)) found.set(id, variant);
  return found;
}

/** Ids by variant. */
export function groupByVariant(variants: Iterable<readonly [id: string, variant: string]>): Map<string, string[]> {
  const lists = new Map<string, string[]>();
  for (const [id, variant] of variants) {
    const list = lists.get(variant);
    if (list) list.push(id);
    else lists.set(variant, [id]);
  }
  return lists;
}

/** The lists that say so: one a variant, the variants in the order in which `like` names them, new ones after them. */
export function targetsFrom(variants: ReadonlyMap<string, string>, like: readonly ConfigTarget[]): ConfigTarget[] {
  const lists = groupByVariant(variants);
  const order = new Set([...like.map(({ variant }) => variant), ...lists.keys()]);
  return [...order].flatMap((variant) => {
    const ids = lists.get(variant);
    return ids ? [{ variant, ids }] : [];
  });
}
