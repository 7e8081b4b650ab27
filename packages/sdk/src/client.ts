import type { EvaluationContext } from "@telltale/evaluator";
import { createUnit, type Unit } from "./evaluate/unit.ts";
import { createListeners, type Delivery, type Listeners } from "./listeners.ts";
import { type ClientOptions, platformOf } from "./options.ts";
import { createQueue } from "./queue/queue.ts";
import { runSource } from "./source/source.ts";
import { createState } from "./state/state.ts";

export interface Client {
  /** Resolves with the first usable ruleset (the bootstrap counts), or when the client closes. Never rejects. */
  ready(): Promise<void>;
  /** Decides for one context. Never throws; before `ready` every answer is the default. */
  for(context: EvaluationContext): Unit;
  /** Listens; call the answer to stop. */
  on: Listeners["on"];
  /** Tries to send what waits; resolves when it was answered, or when the attempt failed (it is retried). */
  flush(): Promise<void>;
  /** Stops listening to changes and sends what waits, for at most 5 s. Decisions go on with the last ruleset. */
  close(): Promise<void>;
  /** Version of the ruleset in use; 0 before the first. */
  readonly version: number;
  readonly delivery: Delivery;
}

/** So many exposures are remembered, the oldest forgotten first; sending one again is harmless. */
const EXPOSURES_MAX = 20_000;

/** The flow: source → state → evaluate → queue → wire. */
export function createClient(options: ClientOptions): Client {
  const platform = platformOf(options);
  const listeners = createListeners();
  const state = createState(listeners);
  const url = options.url.replace(/\/+$/, "");
  const { key } = options;
  const queue = createQueue({
    destination: { url, key, fetch: platform.fetch },
    maxQueue: options.maxQueue ?? 10_000,
    batchSize: options.batchSize ?? 500,
    platform,
    listeners,
    intervalMs: () => {
      const hints = state.current?.hints;
      return hints?.fastLane ? 100 : (options.flushIntervalMs ?? hints?.flushIntervalMs ?? 10_000);
    },
  });
  if (options.bootstrap !== undefined) state.accept(options.bootstrap, false);
  const ending = new AbortController();
  void runSource({
    url,
    key,
    stream: options.stream ?? true,
    pollIntervalMs: options.pollIntervalMs ?? 30_000,
    platform,
    signal: ending.signal,
    held: () => state.current && { ...pick(state.current), streamed: state.streamed },
    onDocument: (document) => state.accept(document, true),
    onError: (error) => listeners.emit("error", error),
  });
  const stopWatchingPage = watchPage(queue.leave);
  const exposures = createMemory(EXPOSURES_MAX);
  return {
    ready: () => state.ready,
    for: (context) => createUnit({ state, queue, listeners, ...exposures }, context),
    on: listeners.on,
    flush: queue.flush,
    async close() {
      ending.abort();
      stopWatchingPage();
      state.release();
      await queue.close();
    },
    get version() {
      return state.current?.version ?? 0;
    },
    delivery: queue.delivery,
  };
}

function pick({ version, digest }: { version: number; digest: string }) {
  return { version, digest };
}

function createMemory(max: number) {
  const seen = new Set<string>();
  return {
    firstExposure(key: string): boolean {
      if (seen.has(key)) return false;
      if (seen.size >= max) for (const oldest of seen) if (seen.delete(oldest)) break;
      seen.add(key);
      return true;
    },
    forgetExposure: (key: string) => void seen.delete(key),
  };
}

/** In a browser: calls back when the page is hidden or left, the last moments in which a request can start. */
function watchPage(onLeave: () => void): () => void {
  if (typeof document === "undefined") return () => {};
  const onHide = () => {
    if (document.visibilityState === "hidden") onLeave();
  };
  document.addEventListener("visibilitychange", onHide);
  addEventListener("pagehide", onLeave);
  return () => {
    document.removeEventListener("visibilitychange", onHide);
    removeEventListener("pagehide", onLeave);
  };
}
