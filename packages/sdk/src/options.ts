import type { Ruleset } from "@telltale/evaluator";

export interface ClientOptions {
  /** SDK key of one environment: a server key, or a client key (public, for browsers). */
  key: string;
  /** The edge's address, e.g. `https://edge.example.com`. */
  url: string;
  /** A ruleset to decide with before the network answers: rendered by the server, or kept from the last run. */
  bootstrap?: Ruleset;
  /** How often events are sent; the ruleset's hint (usually 10 s) unless given. */
  flushIntervalMs?: number;
  /** How many events may wait; what comes while it is full is dropped and counted. 10,000 unless given. */
  maxQueue?: number;
  /** Events a request, at most; 500 unless given. */
  batchSize?: number;
  /** Follow changes by a stream; `false` polls only. */
  stream?: boolean;
  /** How often to poll without a stream; 30 s unless given. */
  pollIntervalMs?: number;
  /** The platform's pieces, replaceable for tests and unusual runtimes. */
  fetch?: typeof fetch;
  now?: () => number;
  /** Runs `work` once after `delayMs`; the answer cancels it. */
  schedule?: (work: () => void, delayMs: number) => () => void;
  /** Uniform in 0..1, for jitter. */
  random?: () => number;
}

/** What the client needs from the platform it runs on. */
export interface Platform {
  readonly fetch: typeof fetch;
  now(): number;
  schedule(work: () => void, delayMs: number): () => void;
  random(): number;
}

export function platformOf(options: ClientOptions): Platform {
  return {
    // Looked up at each call, so that whoever patches the global one (tracing, tests) is heard.
    fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    now: options.now ?? Date.now,
    schedule:
      options.schedule ??
      ((work, delayMs) => {
        const timer = setTimeout(work, delayMs);
        return () => clearTimeout(timer);
      }),
    random: options.random ?? Math.random,
  };
}

/** Full jitter: uniform in 0..1 s for the first attempt, then twice as wide each time up to 30 s. */
export function backoffMs(attempt: number, random: () => number): number {
  return random() * Math.min(30_000, 1_000 * 2 ** attempt);
}

export function sleep(platform: Platform, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      cancel();
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const cancel = platform.schedule(done, delayMs);
    if (signal?.aborted) done();
    else signal?.addEventListener("abort", done);
  });
}
