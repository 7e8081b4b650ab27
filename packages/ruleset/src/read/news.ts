/** Why a reader looked: it was told to, somebody asked, it never relies on being told, or it had lost the database. */
export type Cause = "start" | "notification" | "activation" | "sweep" | "reconnect";

/** What there is to look at. */
export interface News {
  cause: Cause;
  /** Every ruleset that is held. */
  isAll: boolean;
  isAllKeys: boolean;
  /** Environments with a newer version, and its number; 0: not known. */
  environments: Map<string, number>;
  /** Environments whose keys have changed. */
  keys: Set<string>;
}

export function newsOfAll(cause: Cause, isAllKeys = true): News {
  return { ...none(cause), isAll: true, isAllKeys };
}

export function newsOf(cause: Cause, environmentId: string, version: number): News {
  return { ...none(cause), environments: new Map([[environmentId, version]]) };
}

/** What a notification says; one that this release does not understand may mean anything. */
export function newsIn(payload: string | undefined): News {
  const fields = fieldsIn(payload ?? "");
  const { environmentId, version, keys } = fields;
  if (keys === true) {
    const isOne = typeof environmentId === "string";
    return { ...none("notification"), ...(isOne ? { keys: new Set([environmentId]) } : { isAllKeys: true }) };
  }
  if (typeof environmentId === "string" && typeof version === "number")
    return newsOf("notification", environmentId, version);
  return newsOfAll("notification");
}

/** Both, the earlier one's cause first: many changes at once are one look. */
export function merge(before: News | undefined, next: News): News {
  if (!before) return next;
  const environments = new Map(before.environments);
  for (const [id, version] of next.environments) environments.set(id, Math.max(version, environments.get(id) ?? 0));
  const cause = next.isAll && !before.isAll ? next.cause : before.cause;
  return {
    cause,
    environments,
    keys: new Set([...before.keys, ...next.keys]),
    isAll: before.isAll || next.isAll,
    isAllKeys: before.isAllKeys || next.isAllKeys,
  };
}

function none(cause: Cause): News {
  return { cause, isAll: false, isAllKeys: false, environments: new Map(), keys: new Set() };
}

function fieldsIn(payload: string): Record<string, unknown> {
  try {
    const fields: unknown = JSON.parse(payload);
    return typeof fields === "object" && fields !== null ? { ...fields } : {};
  } catch {
    return {};
  }
}
