"use client";

import { useEffect, useSyncExternalStore } from "react";
import { type Draft, isDirty, meetPublished, type Published, startDraft } from "./draft.ts";

/** Drafts live beside the pages: going to look at something else and coming back loses nothing that was typed. */
const drafts = new Map<string, Draft>();
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function put(address: string, draft: Draft | undefined): void {
  if (draft) drafts.set(address, draft);
  else drafts.delete(address);
  for (const listener of listeners) listener();
}

/** The draft at an address on top of what is published now, and how to change it; `undefined` drops it. */
export function useDraft(address: string, published: Published): [Draft, (draft: Draft | undefined) => void] {
  const stored = useSyncExternalStore(
    subscribe,
    () => drafts.get(address),
    () => undefined,
  );
  const draft = stored ? meetPublished(stored, published) : startDraft(published);
  const dirty = isDirty(draft);
  useEffect(() => {
    if (!dirty) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [dirty]);
  return [draft, (next) => put(address, next)];
}

/** Addresses below `prefix` that hold edits, so that tabs can mark them. */
export function useDraftMarks(prefix: string): string[] {
  const marks = useSyncExternalStore(
    subscribe,
    () =>
      [...drafts]
        .flatMap(([address, draft]) => (address.startsWith(prefix) && isDirty(draft) ? [address] : []))
        .join("\n"),
    () => "",
  );
  return marks === "" ? [] : marks.split("\n").map((address) => address.slice(prefix.length));
}
