import { isSame, isSameConfiguration } from "@telltale/configuration";
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
 * rule. The switch stays as published: a kill is never undone by an edit.
 */
export function putOnTop(draft: Draft): Draft {
  if (!draft.newer) return draft;
  const { base, newer, config } = draft;
  const part = <Key extends "off" | "prerequisites" | "targets" | "serve">(key: Key) =>
    isSame(config[key], base.config[key]) ? newer.config[key] : config[key];
  return {
    base: newer,
    config: {
      ...newer.config,
      off: part("off"),
      prerequisites: part("prerequisites"),
      targets: part("targets"),
      serve: part("serve"),
      rules: mergeRules(base.config.rules, config.rules, newer.config.rules),
    },
  };
}

type Rules = FlagConfiguration["rules"];

/** `mine` and `theirs` both come from `base`. The order is mine where I changed anything; their new rules go last but
 *  before the first rule that takes everybody. */
function mergeRules(base: Rules, mine: Rules, theirs: Rules): Rules {
  if (isSame(base, mine)) return theirs;
  const before = new Map(base.map((rule) => [rule.id, rule]));
  const there = new Map(theirs.map((rule) => [rule.id, rule]));
  const kept = mine.flatMap((rule) => {
    const edited = !isSame(rule, before.get(rule.id));
    const other = there.get(rule.id);
    return edited ? [rule] : other ? [other] : [];
  });
  const added = theirs.filter((rule) => !before.has(rule.id));
  const everybody = kept.findIndex((rule) => rule.when.length === 0);
  return kept.toSpliced(everybody === -1 ? kept.length : everybody, 0, ...added);
}
