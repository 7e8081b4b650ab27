"use client";

import { notify } from "@telltale/ui";
import { useEffect, useSyncExternalStore } from "react";

/**
 * What was typed and not yet saved, by address. It lives beside the pages: going to look at something else and coming
 * back loses nothing. Leaving the product altogether asks first.
 */
const kept = new Map<string, unknown>();
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const askBeforeLeaving = (event: BeforeUnloadEvent) => event.preventDefault();

function keep(address: string, value: unknown): void {
  if (value === undefined) kept.delete(address);
  else kept.set(address, value);
  if (kept.size > 0) window.addEventListener("beforeunload", askBeforeLeaving);
  else window.removeEventListener("beforeunload", askBeforeLeaving);
  for (const listener of listeners) listener();
}

/** What is kept at an address, and how to keep something else there; `undefined` is nothing. */
export function useKept<Value>(address: string): [Value | undefined, (value: Value | undefined) => void] {
  const value = useSyncExternalStore(
    subscribe,
    () => kept.get(address),
    () => undefined,
  );
  return [value as Value | undefined, (next) => keep(address, next)];
}

/** Addresses below `prefix` at which something is kept, without the prefix. */
export function useKeptBelow(prefix: string): string[] {
  const found = useSyncExternalStore(
    subscribe,
    () => addressesBelow(prefix).join("\n"),
    () => "",
  );
  return found === "" ? [] : found.split("\n").map((address) => address.slice(prefix.length));
}

function addressesBelow(prefix: string): string[] {
  return [...kept.keys()].filter((address) => address.startsWith(prefix));
}

/** Says, when the page is left with something kept at a place or below it, that it is still there and not saved. */
export function useKeptNotice(place: string, what: string): void {
  useEffect(
    () => () => {
      const below = place.endsWith("/") ? place : `${place}/`;
      if (!kept.has(place) && addressesBelow(below).length === 0) return;
      notify(`${what} are not saved yet. They wait for you until you come back.`);
    },
    [place, what],
  );
}
