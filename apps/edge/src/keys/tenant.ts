import type { Catalogue, KeyInfo } from "@telltale/ruleset/read";

/** Whose key it is: requests of one organisation must not take what others need. */
export function tenantOf(key: Pick<KeyInfo, "organisationId" | "projectId">): string {
  // An edge of the release before passes keys on without their organisation.
  return key.organisationId ?? key.projectId;
}

const counted = new WeakMap<Catalogue["keys"], boolean>();

/** Whether the keys are of more than one tenant; looked at once for each list of keys. */
export function isShared(keys: Catalogue["keys"]): boolean {
  const known = counted.get(keys);
  if (known !== undefined) return known;
  const [first, ...others] = [...keys.values()].map(tenantOf);
  const shared = others.some((tenant) => tenant !== first);
  counted.set(keys, shared);
  return shared;
}
