import { isSameConfiguration, mergeFlag } from "@telltale/configuration";
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

/** No edits yet. */
export function startDraft(base: Published): Draft {
  return { base, config: base.config };
}

/** Whether there is anything to publish. */
export function isDirty(draft: Draft): boolean {
  return !isSameConfiguration(draft.base.config, draft.config);
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
  if (isSameConfiguration({ ...draft.base.config, on: newest.config.on }, newest.config)) {
    return { base: newest, config: { ...draft.config, on: newest.config.on } };
  }
  return { ...draft, newer: newest };
}

/** Drops the edits for the newer revision. */
export function loadNewer(draft: Draft): Draft {
  return draft.newer ? startDraft(draft.newer) : draft;
}

/**
 * Puts the edits on top of the newer revision: what was not edited here comes from there, part by part and rule by
 * rule; where both changed the same, the edits stand. A kill is never undone by an edit of something else.
 */
export function rebaseDraft(draft: Draft): Draft {
  if (!draft.newer) return draft;
  const { base, newer, config } = draft;
  return { base: newer, config: mergeFlag(base.config, config, newer.config).configuration };
}
