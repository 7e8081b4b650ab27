import type { FlagConfiguration } from "../../query/outputs.ts";

/** A published revision. */
export interface Published {
  revision: number;
  config: FlagConfiguration;
}

/** Edits on top of a published revision. With `newer`, somebody else published after it: the edits wait. */
export interface Draft {
  base: Published;
  config: FlagConfiguration;
  newer?: Published;
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** No edits yet. */
export function startDraft(base: Published): Draft {
  return { base, config: base.config };
}

/** Whether there is anything to publish. */
export function isDirty(draft: Draft): boolean {
  return !same(draft.base.config, draft.config);
}

/** The draft with another configuration. */
export function editDraft(draft: Draft, config: FlagConfiguration): Draft {
  return { ...draft, config };
}

/**
 * The draft when `newest` is what is published now. Without edits it follows. When only the switch was moved
 * meanwhile, the edits go along. Anything else keeps every edit and sets the newer revision beside it.
 */
export function meetPublished(draft: Draft, newest: Published): Draft {
  if (newest.revision <= draft.base.revision) return draft;
  if (!isDirty(draft)) return startDraft(newest);
  if (same({ ...draft.base.config, on: newest.config.on }, newest.config)) {
    return { base: newest, config: { ...draft.config, on: newest.config.on } };
  }
  return { ...draft, newer: newest };
}

/** Drops the edits for the newer revision. */
export function loadNewer(draft: Draft): Draft {
  return draft.newer ? startDraft(draft.newer) : draft;
}

/** Puts the edits on top of the newer revision. The switch stays as published: a kill is never undone by an edit. */
export function putOnTop(draft: Draft): Draft {
  if (!draft.newer) return draft;
  return { base: draft.newer, config: { ...draft.config, on: draft.newer.config.on } };
}
