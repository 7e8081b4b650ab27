"use client";

import { useRouter } from "next/navigation";
import { useEffect, useSyncExternalStore } from "react";
import { type ProjectName, pathTo, SECTIONS } from "../place/paths.ts";

const STORE = "telltale-shortcuts";
const SEQUENCE_MS = 1_000;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether single-letter keys act (WCAG 2.1.4: they can be switched off), and how to change it. */
export function useShortcutsOn(): [boolean, (on: boolean) => void] {
  const on = useSyncExternalStore(
    subscribe,
    () => localStorage.getItem(STORE) !== "off",
    () => true,
  );
  const set = (next: boolean) => {
    localStorage.setItem(STORE, next ? "on" : "off");
    for (const listener of listeners) listener();
  };
  return [on, set];
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest("input, textarea, select, [role=dialog], [contenteditable]") !== null
  );
}

/** `/` to the search of the page, `g` and a letter to a section, `?` for the list. */
export function useShortcuts(project: ProjectName, onHelp: () => void): void {
  const router = useRouter();
  const [on] = useShortcutsOn();
  useEffect(() => {
    if (!on) return;
    let startedAt = 0;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const second = event.timeStamp - startedAt < SEQUENCE_MS;
      startedAt = event.key === "g" ? event.timeStamp : 0;
      if (second) {
        const section = SECTIONS.find((candidate) => candidate.key === event.key);
        if (section) router.push(pathTo(project, section.path));
      } else if (event.key === "/") {
        const search = document.querySelector<HTMLInputElement>('main input[type="search"]');
        if (!search) return;
        event.preventDefault();
        search.focus();
      } else if (event.key === "?") onHelp();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [on, project, router, onHelp]);
}
