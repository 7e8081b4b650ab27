"use client";

import { useKept, useKeptBelow } from "../../unsaved/kept.ts";
import { type Draft, isDirty, meetPublished, type Published, startDraft } from "./draft.ts";

/** Where the drafts of a flag are kept, an environment each: "draft/demo/harbour/summer-banner/". */
export function draftsOf(project: string, flag: string): string {
  return `draft/${project}/${flag}/`;
}

/** The draft at an address on top of what is published now, and how to change it; `undefined` drops it. */
export function useDraft(address: string, published: Published): [Draft, (draft: Draft | undefined) => void] {
  const [stored, keep] = useKept<Draft>(address);
  const draft = stored ? meetPublished(stored, published) : startDraft(published);
  return [draft, (next) => keep(next && isDirty(next) ? next : undefined)];
}

/** Environments of a flag that hold edits, so that tabs can mark them. */
export function useDraftMarks(project: string, flag: string): string[] {
  return useKeptBelow(draftsOf(project, flag));
}
