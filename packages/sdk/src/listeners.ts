/** Where a ruleset came from. */
export type Source = "bootstrap" | "storage" | "stream" | "poll";

/** Events that the client emits: a ruleset arrived, something failed, events were acknowledged. */
export interface ClientEvents {
  /** The first usable ruleset is there. */
  ready: { source: Source; version: number };
  /** The edge was not heard for longer than it should take; decisions go on with the last good ruleset. */
  stale: { ageMs: number };
  /** After `stale`, the edge was heard again; what is in use is the newest. */
  fresh: { version: number };
  /** `flags`: keys whose answers may differ now: changed themselves, or by a segment or prerequisite. */
  change: { version: number; flags: string[] };
  /** Something went wrong and is being retried, or was given up; evaluation goes on with the last good ruleset. */
  error: Error;
  delivery: Delivery;
}

/** Events by what became of them. */
export interface Delivery {
  /** Waiting or on their way. */
  queued: number;
  /** Stored by the edge. */
  acknowledged: number;
  /** Sent back by the edge as unusable. */
  refused: number;
  /** Given up here: the queue was full, or the client closed before they could be sent. */
  dropped: number;
}

type Listener<K extends keyof ClientEvents> = (payload: ClientEvents[K]) => void;

export interface Listeners {
  on<K extends keyof ClientEvents>(event: K, listener: Listener<K>): () => void;
  emit<K extends keyof ClientEvents>(event: K, payload: ClientEvents[K]): void;
}

/** What `console` has: where to write what happens, one sentence at a time. */
export interface Logger {
  warn(message: string): void;
}

/** So many sentences are remembered as written. */
const WRITTEN_MAX = 100;

/**
 * A listener that throws disturbs nobody: its error goes to the `error` listeners. A logger is told what goes wrong,
 * each sentence once until a ruleset comes or the edge is heard again, however often it is tried; one that throws is
 * not told again.
 */
export function createListeners(logger?: Logger): Listeners {
  const listeners: { [event: string]: Set<(payload: never) => void> | undefined } = {};
  const emit: Listeners["emit"] = (event, payload) => {
    for (const listener of [...(listeners[event] ?? [])]) {
      try {
        listener(payload as never);
      } catch (cause) {
        if (event !== "error") emit("error", new Error(`a "${event}" listener threw`, { cause }));
      }
    }
  };
  const on: Listeners["on"] = (event, listener) => {
    listeners[event] ??= new Set();
    listeners[event].add(listener);
    return () => void listeners[event]?.delete(listener);
  };
  if (logger) {
    const written = new Set<string>();
    const write = (sentence: string) => {
      if (written.has(sentence) || written.size >= WRITTEN_MAX) return;
      written.add(sentence);
      logger.warn(`telltale: ${sentence}`);
    };
    on("error", ({ message }) => write(message));
    on("stale", ({ ageMs }) => write(`the edge was not heard for ${ageMs} ms; decisions go on with the last ruleset`));
    for (const event of ["change", "fresh"] as const) on(event, () => written.clear());
  }
  return { emit, on };
}
