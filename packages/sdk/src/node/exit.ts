import type { Client } from "../client.ts";
import { letGoOfEvents } from "./sockets.ts";

/** Sends again at most so often what could not be sent, with a pause between. */
const ATTEMPTS_MAX = 3;
const PAUSE_MS = 500;
/** So long an edge that does not answer may keep a process. */
const DEADLINE_MS = 5_000;

const flushes = new Set<() => Promise<void>>();

function onBeforeExit(): void {
  for (const flush of flushes) void flush();
}

/**
 * Sends what waits when Node has nothing left to do, and would end. It says so again after each such piece of work, so
 * attempts are counted until something new waits. Call the answer to stop.
 */
export function flushAtExit(client: Pick<Client, "flush" | "status">): () => void {
  let attempts = 0;
  let eventsSeen = -1;
  const flush = async (): Promise<void> => {
    const { queued, acknowledged, refused, dropped } = client.status();
    const events = queued + acknowledged + refused + dropped;
    if (events !== eventsSeen) attempts = 0;
    eventsSeen = events;
    if (attempts >= ATTEMPTS_MAX) return;
    attempts++;
    const deadline = setTimeout(() => {
      attempts = ATTEMPTS_MAX;
      letGoOfEvents();
    }, DEADLINE_MS);
    await client.flush();
    clearTimeout(deadline);
    if (client.status().queued && attempts < ATTEMPTS_MAX) setTimeout(() => {}, PAUSE_MS);
  };
  if (!flushes.size) process.on("beforeExit", onBeforeExit);
  flushes.add(flush);
  return () => {
    flushes.delete(flush);
    if (!flushes.size) process.off("beforeExit", onBeforeExit);
  };
}
