export interface Readiness {
  ready: boolean;
  checks: { rulesets: boolean; events: boolean; running: boolean };
}

/** Asks the store at most once a second, however often the page is read. */
export function createReadiness(options: {
  rulesetsHealthy: () => boolean;
  pingStore: () => Promise<boolean>;
  running: () => boolean;
  now: () => number;
}): () => Promise<Readiness> {
  let asked = Number.NEGATIVE_INFINITY;
  let answer: Promise<boolean> = Promise.resolve(false);
  return async () => {
    if (options.now() - asked >= 1_000) {
      asked = options.now();
      answer = options.pingStore().catch(() => false);
    }
    const checks = { rulesets: options.rulesetsHealthy(), events: await answer, running: options.running() };
    return { ready: checks.rulesets && checks.events && checks.running, checks };
  };
}
