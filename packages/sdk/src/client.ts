import type { EvaluationContext, Ruleset } from "@telltale/evaluator";
import { createExposures } from "./evaluate/exposures.ts";
import { ContextUnit, type Surroundings, type Unit } from "./evaluate/unit.ts";
import { createListeners, type Delivery, type Listeners, type Logger, type Source } from "./listeners.ts";
import type { Platform } from "./platform.ts";
import { createQueue } from "./queue/queue.ts";
import { startSource } from "./source/source.ts";
import { createState } from "./state/state.ts";
import { keepIn, type Storage } from "./state/storage.ts";

export interface ClientOptions extends Partial<Omit<Platform, "emit">> {
  /** SDK key of one environment: a server key, or a client key (public, for browsers). */
  readonly key: string;
  /** The edge's address, e.g. `https://edge.example.com`. */
  readonly url: string;
  /** A ruleset, or its JSON, to decide with before the network answers: rendered by the server, or from a file. */
  readonly bootstrap?: Ruleset | string | undefined;
  /** Keeps the last good ruleset from run to run: `localStorage`, `fileStorage(path)`, or your own. */
  readonly storage?: Storage | undefined;
  /** `false` records and sends nothing: no exposures, no counts, no `track`. */
  readonly events?: boolean;
  /** `true` asks nobody and sends nothing: decides by `bootstrap` or `storage` alone, as for rendering on a server. */
  readonly offline?: boolean;
  /** Attributes whose values travel with exposures, to break results down by; none unless given. */
  readonly exposureAttributes?: readonly string[];
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
  /** Without a word from the edge for this long the client is `stale`; twice the poll interval unless given. */
  readonly staleMs?: number;
  /** Where warnings are written, e.g. `console`; nowhere unless given. One that throws disturbs nobody. */
  readonly logger?: Logger;
}

/** What `ready()` answers. */
export interface Readiness {
  /** False after the timeout, or when the client was closed before: decisions answer defaults until `ready` comes. */
  ready: boolean;
  /** Where the first usable ruleset came from. */
  source?: Source | undefined;
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
  source?: Source | undefined;
  /** `project/environment` of the ruleset. */
  environment?: string | undefined;
  /** Milliseconds since the edge last said that this is the newest ruleset; undefined when it never did. */
  ageMs?: number | undefined;
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
  /** The ruleset in use, as it came: for the `bootstrap` of another client. Do not change it. */
  ruleset(): Ruleset | undefined;
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
export function createClient(options: ClientOptions): Client {
  const { bootstrap, flushIntervalMs, stream = true, pollIntervalMs = 30_000, offline } = options;
  const { on, emit } = createListeners(options.logger);
  const platform = platformOf(options, emit);
  const { now, schedule } = platform;
  const ending = new AbortController();
  let release = () => {};
  const settled = new Promise<void>((resolve) => {
    release = resolve;
  });
  let first: Source | undefined;
  const keep = keepIn(options.storage, platform);
  const state = createState(platform, options.staleMs ?? Math.max(60_000, 2 * pollIntervalMs), (text, source) => {
    first ??= source;
    if (source === "stream" || source === "poll") keep.write(text);
    release();
  });
  const queue = createQueue(platform, options.maxQueue ?? 10_000, options.batchSize ?? 500, () => {
    const hints = state.ruleset?.document.hints;
    return hints?.fastLane ? FAST_LANE_MS : (flushIntervalMs ?? hints?.flushIntervalMs ?? 10_000);
  });
  // As text: flags are prepared when they are first asked, and the caller may change what is the caller's.
  if (bootstrap) state.accept(typeof bootstrap === "string" ? bootstrap : JSON.stringify(bootstrap), "bootstrap");
  void keep.read().then((text) => {
    if (text && !state.ruleset) state.accept(text, "storage");
    if (offline) release();
  });
  if (!offline) startSource(platform, state, ending.signal, stream, pollIntervalMs);
  watchPage(queue.leave, ending.signal);
  const around: Surroundings = {
    state,
    emit,
    ...(options.events !== false &&
      !offline && { queue, expose: createExposures(queue, options.exposureAttributes ?? []) }),
  };
  return {
    on,
    for: (context) => new ContextUnit(around, context),
    flush: queue.flush,
    ruleset: () => state.ruleset?.document,
    async ready({ timeoutMs } = {}) {
      let cancel = () => {};
      const limit = new Promise<void>((resolve) => {
        if (timeoutMs !== undefined) cancel = schedule(resolve, timeoutMs);
      });
      await Promise.race([settled, limit]);
      cancel();
      return { ready: !!first, source: first, version: state.ruleset?.document.version ?? 0 };
    },
    status() {
      const { ruleset, source, isStale, heardAt } = state;
      const { version = 0, environment, hints } = ruleset?.document ?? {};
      return {
        ...queue.delivery,
        state: ending.signal.aborted ? "closed" : !ruleset ? "starting" : isStale ? "stale" : "ready",
        version,
        source,
        environment,
        ageMs: heardAt && now() - heardAt,
        overrides: !!hints?.overrides,
      };
    },
    close() {
      ending.abort();
      release();
      return queue.close();
    },
  };
}

function platformOf({ url, key, fetch: own, now, schedule, random }: ClientOptions, emit: Listeners["emit"]): Platform {
  return {
    url: url.replace(/\/$/, ""),
    key,
    // Looked up at each call, so that whoever patches the global one (tracing, tests) is heard.
    fetch: own ?? ((input, init) => fetch(input, init)),
    now: now ?? Date.now,
    schedule:
      schedule ??
      ((work, delayMs) => {
        const timer = setTimeout(work, delayMs);
        return () => clearTimeout(timer);
      }),
    random: random ?? Math.random,
    emit,
  };
}

/** In a browser: calls back when the page is hidden or left, the last moments in which a request can start. */
function watchPage(leave: () => void, signal: AbortSignal): void {
  if (typeof document === "undefined") return;
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && leave(), { signal });
  addEventListener("pagehide", leave, { signal });
}
