export interface Readiness {
  ready: boolean;
  checks: {
    /** Whether what is served is known to be the newest; `last-known` while the control plane is away. */
    rulesets: "current" | "last-known";
    /** Whether the event store answers. */
    events: boolean;
    /** False from the first signal to stop. */
    running: boolean;
  };
}

/** A store that is silent for longer does not answer, milliseconds. */
const PING_LIMIT_MS = 1_000;

/**
 * Whether a balancer should send requests here. Databases that are away are shown, and are no reason: all edges share
 * them, and all edges unready would make an outage of rulesets out of an outage of something else.
 * Asks the store at most once a second, however often the page is read.
 */
export function createReadiness(options: {
  isCurrent: () => boolean;
  pingStore: () => Promise<boolean>;
  running: () => boolean;
  now: () => number;
}): () => Promise<Readiness> {
  let asked = Number.NEGATIVE_INFINITY;
  let answer: Promise<boolean> = Promise.resolve(false);
  return async () => {
    if (options.now() - asked >= 1_000) {
      asked = options.now();
      answer = Promise.race([options.pingStore().catch(() => false), silence()]);
    }
    const running = options.running();
    const rulesets = options.isCurrent() ? "current" : "last-known";
    return { ready: running, checks: { rulesets, events: await answer, running } };
  };
}

function silence(): Promise<boolean> {
  return new Promise((resolve) => setTimeout(() => resolve(false), PING_LIMIT_MS).unref());
}
