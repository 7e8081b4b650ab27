import type { EvaluationContext, Ruleset } from "@telltale/evaluator";
import { createUnit, type Unit } from "./evaluate/unit.ts";
import { createListeners, type Delivery, type Listeners, type Source } from "./listeners.ts";
import type { Platform } from "./platform.ts";
import { createQueue } from "./queue/queue.ts";
import { startSource } from "./source/source.ts";
import { createState } from "./state/state.ts";

export interface ClientOptions extends Partial<Omit<Platform, "emit">> {
  /** SDK key of one environment: a server key, or a client key (public, for browsers). */
  readonly key: string;
  /** The edge's address, e.g. `https://edge.example.com`. */
  readonly url: string;
  /** A ruleset to decide with before the network answers: rendered by the server, or kept from the last run. */
  readonly bootstrap?: Ruleset;
  /** How often events are sent; the ruleset's hint (usually 10 s) unless given. */
  readonly flushIntervalMs?: number;
  /** How many events may wait; what comes while it is full is dropped and counted. 10,000 unless given. */
  readonly maxQueue?: number;
  /** Events a request, at most; 500 unless given. */
  readonly batchSize?: number;
  /** Follow changes by a stream (unless given); `false` only polls. */
  readonly stream?: boolean;
  /** How often to poll without a stream; 30 s unless given. */
  readonly pollIntervalMs?: number;
}

/** What `ready()` answers. */
export interface Readiness {
  /** False after the timeout, or when the client was closed before: decisions answer defaults until `ready` comes. */
  ready: boolean;
  /** Where the first usable ruleset came from. */
  source?: Source;
  /** Version of the ruleset in use; 0 for none. */
  version: number;
}

/** How the client is. */
export interface Status extends Readonly<Delivery> {
  /** `starting`: no ruleset yet; `stale`: the edge was not heard for too long; `closed`: after `close()`. */
  state: "starting" | "ready" | "stale" | "closed";
  /** Version of the ruleset in use; 0 for none. */
  version: number;
  /** Where that ruleset came from. */
  source?: Source;
  /** `project/environment` of the ruleset. */
  environment?: string;
  /** Milliseconds since the edge last said that this is the newest ruleset; undefined when it never did. */
  ageMs?: number;
  /** Whether this environment lets people override flags locally. */
  overrides: boolean;
}

export interface Client {
  /**
   * Resolves with the first usable ruleset and says where it came from, or with `ready: false` after the timeout or
   * when the client closes. Never rejects.
   */
  ready(options?: { timeoutMs?: number }): Promise<Readiness>;
  /** How the client is now. */
  status(): Status;
  /** Decides for one context. Never throws; before `ready` every answer is the default. */
  for(context: EvaluationContext): Unit;
  /** Listens; call the answer to stop. */
  on: Listeners["on"];
  /** Tries to send what waits; resolves when it was answered, or when the attempt failed (it is retried). */
  flush(): Promise<void>;
  /** Stops following changes and sends what waits, for at most 5 s. Decisions go on with the last ruleset. */
  close(): Promise<void>;
}

/** Somebody is watching: what waits goes out after this long. */
const FAST_LANE_MS = 100;

/** Starts a client: source → state → evaluate → queue → wire. Never throws. */
export function createClient({
  key,
  url,
  bootstrap,
  flushIntervalMs,
  maxQueue = 10_000,
  batchSize = 500,
  stream = true,
  pollIntervalMs = 30_000,
  // Looked up at each call, so that whoever patches the global one (tracing, tests) is heard.
  fetch: send = (input, init) => fetch(input, init),
  now = Date.now,
  schedule = (work, delayMs) => {
    const timer = setTimeout(work, delayMs);
    return () => clearTimeout(timer);
  },
  random = Math.random,
}: ClientOptions): Client {
  const { on, emit } = createListeners();
  const platform: Platform = { url: url.replace(/\/$/, ""), key, fetch: send, now, schedule, random, emit };
  const ending = new AbortController();
  let release = () => {};
  const ready = new Promise<void>((resolve) => {
    release = resolve;
  });
  let first: Source | undefined;
  let heardAt: number | undefined;
  const state = createState(emit, () => {
    first ??= bootstrap ? "bootstrap" : stream ? "stream" : "poll";
    if (!bootstrap) heardAt = now();
    emit("ready", { source: first, version: state.current()?.version ?? 0 });
    release();
  });
  const queue = createQueue(platform, maxQueue, batchSize, () => {
    const hints = state.current()?.hints;
    return hints?.fastLane ? FAST_LANE_MS : (flushIntervalMs ?? hints?.flushIntervalMs ?? 10_000);
  });
  const exposures = new Set<string>();
  if (bootstrap) state.accept(bootstrap);
  startSource(platform, state, ending.signal, stream, pollIntervalMs);
  watchPage(queue.leave, ending.signal);
  return {
    ready({ timeoutMs } = {}) {
      const limit = new Promise<void>((resolve) => timeoutMs !== undefined && schedule(resolve, timeoutMs));
      return Promise.race([ready, limit]).then(() => ({
        ready: !!state.current(),
        version: state.current()?.version ?? 0,
        ...(first && { source: first }),
      }));
    },
    status() {
      const ruleset = state.current();
      return {
        state: ending.signal.aborted ? "closed" : ruleset ? "ready" : "starting",
        version: ruleset?.version ?? 0,
        ...(first && { source: first }),
        ...(ruleset && { environment: ruleset.environment }),
        ...(heardAt !== undefined && { ageMs: now() - heardAt }),
        overrides: !!ruleset?.hints.overrides,
        ...queue.delivery,
      };
    },
    for: (context) => createUnit(state, queue, emit, exposures, context),
    on,
    flush: queue.flush,
    close() {
      ending.abort();
      release();
      return queue.close();
    },
  };
}

/** In a browser: calls back when the page is hidden or left, the last moments in which a request can start. */
function watchPage(leave: () => void, signal: AbortSignal): void {
  if (typeof document === "undefined") return;
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && leave(), { signal });
  addEventListener("pagehide", leave, { signal });
}
