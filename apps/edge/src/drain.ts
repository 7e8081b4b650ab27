import type { Server } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import type { Edge } from "./app.ts";
import { closeServer } from "./listen.ts";

/** Shares of the drain: balancers need the first to notice, streams move during the second, the rest lets them land. */
const NOTICE_SHARE = 0.5;
const MOVE_SHARE = 0.4;
const STEP_MS = 50;

export interface DrainOptions {
  edge: Edge;
  server: Server;
  /** How long to go on serving. */
  drainMs: number;
  /** How long answers under way may take after that. */
  timeoutMs: number;
  /** Fires when somebody cannot wait: what is left of the drain is skipped. */
  hurry: AbortSignal;
}

/**
 * Leaves without losing a request. First not ready, while everything is served and every answer closes its connection:
 * balancers notice and send the next elsewhere. Then the streams are ended, spread over time. Only then does the
 * server stop to listen, and what is queued is stored.
 */
export async function drain({ edge, server, drainMs, timeoutMs, hurry }: DrainOptions): Promise<void> {
  edge.leave();
  const wait = (ms: number) => pause(ms, undefined, { signal: hurry }).catch(() => undefined);
  await wait(drainMs * NOTICE_SHARE);
  const steps = Math.ceil((drainMs * MOVE_SHARE) / STEP_MS);
  for (let left = steps; left > 0 && !hurry.aborted; left--) {
    edge.moveStreams(Math.ceil(edge.streams / left));
    await wait(STEP_MS);
  }
  await wait(drainMs * (1 - NOTICE_SHARE - MOVE_SHARE));
  await Promise.all([closeServer(server, timeoutMs), edge.stop()]);
}
