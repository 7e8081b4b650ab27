export interface EdgeReadiness {
  ready: boolean;
  checks: {
    /** Whether what is served is known to be the newest; `last-known` while the control plane is away. */
    rulesets: "current" | "last-known";
    /** Whether the event store answered when it was asked last. */
    events: "answers" | "away" | "unknown";
    /** False from the first signal to stop. */
    running: boolean;
  };
}

/**
 * Whether a balancer should send requests here. Databases that are away are shown, and are no reason: all edges share
 * them, and all edges unready would make an outage of rulesets out of an outage of something else. Nor are they waited
 * for: a check that is late counts as failed. The store is asked at most once a second, for the next answer.
 */
export function createReadiness(options: {
  isCurrent: () => boolean;
  pingStore: () => Promise<boolean>;
  running: () => boolean;
  now: () => number;
}): () => EdgeReadiness {
  let askedAt = Number.NEGATIVE_INFINITY;
  let isAsking = false;
  let events: EdgeReadiness["checks"]["events"] = "unknown";
  const ask = async () => {
    askedAt = options.now();
    isAsking = true;
    const answers = await options.pingStore().catch(() => false);
    events = answers ? "answers" : "away";
    isAsking = false;
  };
  return () => {
    if (options.now() - askedAt >= 1_000) {
      // It has had a second for the last question.
      if (isAsking) events = "away";
      else void ask();
    }
    const running = options.running();
    return { ready: running, checks: { rulesets: options.isCurrent() ? "current" : "last-known", events, running } };
  };
}
