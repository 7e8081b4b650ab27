import { ControlError } from "./error.ts";

/** An edit, made on a revision that may no longer be the newest, and how its kind of thing is put together. */
export interface Edit<T, C> {
  newest: { revision: number; value: T };
  /** The revision that the caller has seen. Left out: the newest. */
  expectedRevision: number | undefined;
  /** Makes the next state from the one that the caller has seen. */
  next(seen: T): T;
  /** The state at an earlier revision; null where none was kept, or none is to be used. */
  readAt(revision: number): Promise<T | null>;
  merge(base: T, mine: T, theirs: T): { merged: T; conflicts: readonly C[] };
  /** Names who got there first, and what both changed. */
  refuse(conflicts: readonly C[]): ControlError | Promise<ControlError>;
}

/**
 * The state after an edit: of the newest revision, or on top of what others have made of the one that the caller has seen.
 * @throws ControlError CONFLICT where both changed the same, or the revision that was seen is not known
 */
export async function applyEdit<T, C>(edit: Edit<T, C>): Promise<{ after: T; onTop: { onTopOf?: number } }> {
  const { newest, expectedRevision: seen = newest.revision, next } = edit;
  if (seen === newest.revision) return { after: next(newest.value), onTop: {} };
  const base = await edit.readAt(seen);
  if (base === null) throw await edit.refuse([]);
  const { merged, conflicts } = edit.merge(base, next(base), newest.value);
  if (conflicts.length > 0) throw await edit.refuse(conflicts);
  return { after: merged, onTop: { onTopOf: newest.revision } };
}

interface Newer {
  object: "flag" | "segment" | "metric" | "plan";
  revision: number;
  /** Who made it, where that is known. */
  by?: string | undefined;
  /** What they did, where that is known. */
  sentence?: string;
  /** What both changed, in words; empty where that is not known. */
  both: string;
}

/** The refusal of an edit that cannot be put on top of a newer revision. */
export function changedMeanwhile(
  { object, revision, by = "Somebody", sentence, both }: Newer,
  detail: object,
): ControlError {
  const did = sentence === undefined ? "." : `: ${sentence}`;
  const told = both === "" ? "" : ` Both of you changed: ${both}.`;
  const message = `${by} changed this ${object} meanwhile (revision ${revision})${did}${told} Look at the newer one, then save yours on top of it.`;
  return new ControlError("CONFLICT", message, { revision, ...detail });
}
