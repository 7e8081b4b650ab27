import { type Database, isReachable, isWorkerPresent } from "@telltale/control";
import type { EventStore } from "@telltale/events";
import type { EdgeMonitor } from "./edge.ts";

/** The components that the dashboard depends on. */
export const HEALTH_COMPONENTS = ["database", "events", "worker", "edge"] as const;
export type HealthComponent = (typeof HEALTH_COMPONENTS)[number];

/** One look at all components serves every request within this time. */
const FRESH_MS = 5_000;
/** What takes longer is away. */
const LIMIT_MS = 3_000;

/** Looks which parts are away. Never rejects, and never takes long. */
export function openHealth({ database, events, edge }: { database: Database; events: EventStore; edge: EdgeMonitor }) {
  let last: { at: number; down: Promise<HealthComponent[]> } | undefined;
  const look = async (): Promise<HealthComponent[]> => {
    const isUp: Record<HealthComponent, Promise<boolean>> = {
      database: isReachable(database),
      events: within(events.ping(), false),
      // What the database would have to tell is not known while it is away: that is said, and no more.
      worker: within(isWorkerPresent(database), true),
      edge: edge.answers(),
    };
    const answers = await Promise.all(HEALTH_COMPONENTS.map((part) => isUp[part]));
    return HEALTH_COMPONENTS.filter((_part, index) => !answers[index]);
  };
  return (now = Date.now()): Promise<HealthComponent[]> => {
    if (!last || now - last.at >= FRESH_MS) last = { at: now, down: look() };
    return last.down;
  };
}

/** The answer, or `otherwise` when it fails or takes too long. */
async function within(asked: Promise<boolean>, otherwise: boolean): Promise<boolean> {
  const late = new Promise<boolean>((resolve) => setTimeout(() => resolve(otherwise), LIMIT_MS).unref());
  return Promise.race([asked.catch(() => otherwise), late]);
}
