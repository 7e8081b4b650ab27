"use client";

import { useSyncExternalStore } from "react";
import { formatAge, formatMoment } from "./format.ts";

const TICK_MS = 15_000;
let nowMs = 0;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    nowMs = Date.now();
    for (const each of listeners) each();
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function snapshot(): number {
  if (Date.now() - nowMs > TICK_MS) nowMs = Date.now();
  return nowMs;
}

/** Now in ms, renewed every 15 s by one shared timer; `null` on the server and while hydrating. */
export function useNow(): number | null {
  return useSyncExternalStore<number | null>(subscribe, snapshot, () => null);
}

/** A moment: its age in the browser, the full UTC time on hover and on the server (so that hydration agrees). */
export function Time({ at }: { at: Date | string }) {
  const now = useNow();
  const date = typeof at === "string" ? new Date(at) : at;
  const full = formatMoment(date);
  return (
    <time dateTime={date.toISOString()} title={full} className="whitespace-nowrap">
      {now === null ? full : formatAge(date, now)}
    </time>
  );
}
