import type { ClientOptions } from "./client.ts";
import type { Listeners } from "./listeners.ts";
import { boundedMs, type Platform } from "./platform.ts";
import type { StorageOption } from "./state/storage.ts";

/** What the options mean. */
export interface ClientSettings {
  platform: Platform;
  /** `offline` asks nobody; `requests` does so in its callers' time only; `background` by itself. */
  mode: "offline" | "requests" | "background";
  /** Whether evaluations and events are recorded. */
  records: boolean;
  bootstrap: ClientOptions["bootstrap"];
  storage: StorageOption;
  stream: boolean;
  pollIntervalMs: number;
  staleMs: number;
  /** Undefined where the ruleset says how often. */
  flushIntervalMs: number | undefined;
  maxQueue: number;
  batchSize: number;
  exposureAttributes: readonly string[];
}

/** Reads what a program gave, of which types say nothing at run time: what cannot be meant is as if it were not given. */
export function readOptions(given: ClientOptions, emit: Listeners["emit"]): ClientSettings {
  const options: Partial<ClientOptions> = given ?? {};
  const { offline, background, exposureAttributes: names, flushIntervalMs } = options;
  const platform = platformOf(options, emit);
  const isReachable = !!platform.url && !!platform.key;
  const hasBackground = background ?? globalThis.navigator?.userAgent !== "Cloudflare-Workers";
  if (!isReachable && !offline) {
    const missing = platform.url ? "`key`" : "`url`";
    emit(
      "error",
      new Error(`createClient got no ${missing}: it asks nobody, sends nothing and decides by what it has`),
    );
  }
  const pollIntervalMs = atLeast(1, options.pollIntervalMs, 30_000);
  return {
    platform,
    mode: offline || !isReachable ? "offline" : hasBackground ? "background" : "requests",
    records: options.events !== false,
    bootstrap: options.bootstrap,
    storage: options.storage,
    stream: options.stream !== false,
    pollIntervalMs,
    staleMs: atLeast(0, options.staleMs, Math.max(60_000, 2 * pollIntervalMs)),
    flushIntervalMs: atLeast(0, flushIntervalMs, undefined),
    maxQueue: atLeast(0, options.maxQueue, 10_000),
    batchSize: atLeast(1, options.batchSize, 500),
    exposureAttributes: Array.isArray(names) ? names : [],
  };
}

function atLeast<F>(least: number, value: unknown, otherwise: F): number | F {
  return typeof value === "number" && value >= least ? value : otherwise;
}

function callable<T>(value: T | undefined, otherwise: T): T {
  return typeof value === "function" ? value : otherwise;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function platformOf(options: Partial<ClientOptions>, emit: Listeners["emit"]): Platform {
  const schedule = callable(options.schedule, (work, delayMs) => {
    const timer = setTimeout(work, delayMs);
    return () => clearTimeout(timer);
  });
  return {
    url: textOf(options.url).replace(/\/$/, ""),
    key: textOf(options.key),
    // Looked up at each call, so that whoever patches the global one (tracing, tests) is heard.
    fetch: callable(options.fetch, (input, init) => fetch(input, init)),
    now: callable(options.now, Date.now),
    schedule: (work, delayMs) => schedule(work, boundedMs(delayMs)),
    random: callable(options.random, Math.random),
    emit,
  };
}
