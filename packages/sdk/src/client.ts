import type { EvaluationContext, Ruleset } from "@telltale/evaluator";
import { createEnding } from "./ending.ts";
import { createExposures } from "./evaluate/exposures.ts";
import { type ClientCore, ContextUnit, type Unit } from "./evaluate/unit.ts";
import { createListeners, type Delivery, type Listeners, type Logger, type Source } from "./listeners.ts";
import { type ClientSettings, readOptions } from "./options.ts";
import type { Platform } from "./platform.ts";
import { createLedger, type NewEvent } from "./queue/ledger.ts";
import { bridgeVisits } from "./queue/page.ts";
import { createQueue, type Queue } from "./queue/queue.ts";
import type { Connection } from "./source/ask-edge.ts";
import { createRenewal } from "./source/renewal.ts";
import { startSource } from "./source/source.ts";
import { createFreshness } from "./state/freshness.ts";
import { createState } from "./state/state.ts";
import { keepIn, type StorageOption } from "./state/storage.ts";

export interface ClientOptions extends Partial<Omit<Platform, "emit">> {
  /** SDK key of one environment: a server key, or a client key (public, for browsers). */
  readonly key: string;
  /** The edge's address, e.g. `https://edge.example.com`. */
  readonly url: string;
  /** A ruleset, or its JSON, to decide with before the network answers: rendered by the server, or from a file. */
  readonly bootstrap?: Ruleset | string | undefined;
  /**
   * Keeps the last good ruleset from run to run, and in a page the events that it could not send before it was left:
   * `() => localStorage`, `fileStorage(path)`, or your own. Nothing is kept unless given.
   */
  readonly storage?: StorageOption;
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
  /**
   * `false` does nothing between your calls, no timers and no streams: `ready()` and `flush()` ask and send, each in its
   * caller's time. For platforms that stop a program between requests; so it is in Cloudflare's workers unless given.
   */
  readonly background?: boolean;
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
  /** The edge's address, without a slash at its end. */
  readonly url: string;
  /**
   * Resolves with the first usable ruleset and says where it came from, or with `ready: false` after the timeout or
   * when the client closes. Never rejects. Without background it asks the edge when it was not heard for `staleMs`.
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
  /** For plug-ins: sends an event with the others. False where it was dropped, or nothing is recorded. */
  report(event: NewEvent): boolean;
  /**
   * Tries to send what waits; resolves when it was answered, or when the attempt failed (it is retried). Without
   * background it also asks for a newer ruleset when the edge was not heard for `pollIntervalMs`: for `waitUntil`.
   */
  flush(): Promise<void>;
  /** Stops following changes and sends what waits, for at most 5 s. Decisions go on with the last ruleset. */
  close(): Promise<void>;
}

/** Somebody is watching: what waits goes out after this long. */
const FAST_LANE_MS = 100;

/**
 * Starts a client: source → state → evaluate → queue → wire. Never throws: what is wrong with its options is told as
 * an `error`, and it decides by what it has.
 *
 * @example
 * const telltale = createClient({ key: "tt_client_…", url: "https://edge.example.com" });
 * telltale.for({ targetingKey: "u-42" }).value("new-checkout", false);
 */
export function createClient(options: ClientOptions): Client {
  const { on, emit: tell } = createListeners(options?.logger);
  let isMade = false;
  const emit: Listeners["emit"] = (event, payload) => {
    if (isMade || event !== "error") tell(event, payload);
    // Nobody can listen yet.
    else void Promise.resolve().then(() => tell(event, payload));
  };
  const client = { on, ...assemble(readOptions(options, emit), on) };
  isMade = true;
  return client;
}

/** The parts, joined: a ruleset runs from the source to the state, events from the units to the queue. */
function assemble(settings: ClientSettings, on: Listeners["on"]): Omit<Client, "on"> {
  const { platform, mode, bootstrap, staleMs, pollIntervalMs } = settings;
  const { emit } = platform;
  const ending = createEnding();
  const first = createFirst();
  let written: Promise<unknown> | undefined;
  const keep = keepIn(settings.storage, platform);
  const state = createState(platform, (text, source) => {
    if (source === "stream" || source === "poll") written = keep.write(text);
    first.settle(source);
  });
  const freshness = createFreshness(settings, () => state.ruleset?.document.version);
  const ledger = createLedger(settings.maxQueue, platform.now);
  const queue = createQueue(settings, ledger, () => {
    const hints = state.ruleset?.document.hints;
    return hints?.fastLane ? FAST_LANE_MS : (settings.flushIntervalMs ?? hints?.flushIntervalMs ?? 10_000);
  });
  // As text: flags are prepared when they are first asked, and the caller may change what is the caller's.
  if (bootstrap) state.accept(bootstrap, "bootstrap");
  const recall = async (): Promise<void> => {
    const text = await keep.read();
    if (text && !state.ruleset) state.accept(text, "storage");
  };
  const connection = { platform, state, freshness, ending };
  const renew = mode === "requests" ? createRenewal(connection, recall) : undefined;
  if (!renew) void recall().then(() => mode === "offline" && first.settle());
  if (mode === "background") {
    startSource(connection, settings);
    void first.settled.then(freshness.watch);
  }
  const records = settings.records && mode !== "offline";
  if (records) bridgeVisits({ settings, ledger, queue, keep, on, ending });
  const recording = records && { queue, expose: createExposures(queue, settings.exposureAttributes) };
  const around: ClientCore = { state, emit, ...recording };
  return {
    url: platform.url,
    report: (event) => records && queue.add(event),
    for: (context) => new ContextUnit(around, context),
    async flush() {
      await Promise.all([queue.flush(), renew?.(pollIntervalMs)]);
      await written;
    },
    ruleset: () => state.ruleset?.document,
    async ready(how) {
      await atMost(platform, how?.timeoutMs, renew ? renew(staleMs) : first.settled);
      const { source } = first;
      return { ready: !!source, source, version: state.ruleset?.document.version ?? 0 };
    },
    status: () => statusOf(connection, queue),
    close() {
      ending.end();
      freshness.end();
      first.settle();
      return queue.close();
    },
  };
}

/** The first usable ruleset's source, once there is one. */
function createFirst() {
  let release = () => {};
  const first = {
    source: undefined as Source | undefined,
    settled: new Promise<void>((resolve) => {
      release = resolve;
    }),
    settle(source?: Source) {
      first.source ??= source;
      release();
    },
  };
  return first;
}

/** Waits for the promise, at most so long. */
async function atMost({ schedule }: Platform, timeoutMs: number | undefined, promise: Promise<void>): Promise<void> {
  let cancel = () => {};
  const limit = new Promise<void>((resolve) => {
    if (timeoutMs !== undefined) cancel = schedule(resolve, timeoutMs);
  });
  await Promise.race([promise, limit]);
  cancel();
}

function statusOf({ platform, state, freshness, ending }: Connection, { delivery }: Queue): Status {
  const { ruleset, source } = state;
  const { heardAt } = freshness;
  const { version = 0, environment, hints } = ruleset?.document ?? {};
  return {
    ...delivery,
    state: ending.isOver ? "closed" : !ruleset ? "starting" : freshness.isStale() ? "stale" : "ready",
    version,
    source,
    environment,
    ageMs: heardAt && platform.now() - heardAt,
    overrides: !!hints?.overrides,
  };
}
