import { type EncodedEvents, isUnreadable } from "@telltale/events";
import type { EdgeLimits } from "../limits.ts";
import type { Metrics } from "../metrics.ts";
import { Replay } from "../spool/replay.ts";
import { NoRoom, type Spool } from "../spool/spool.ts";
import { Batcher } from "./batcher.ts";

/** Where a batch is stored durably, or why it is not: memory is full, the store is away, the spool is full. */
export type IntakeResult = "stored" | "spooled" | "busy" | "away" | "full";

/** The event store, or a fake of it. `insert` resolves when the events are durable. */
export interface Store {
  insert(groups: EncodedEvents[], signal: AbortSignal): Promise<void>;
  ping(): Promise<boolean>;
}

export interface IntakeOptions {
  store: Store;
  /** Without it, what the store does not take is refused. */
  spool?: Spool | undefined;
  limits: EdgeLimits;
  metrics: Metrics;
  log: { info(fields: object, message: string): void; error(fields: object, message: string): void };
}

export interface Intake {
  /** Resolves when the batch is safe, or cannot be made so. */
  keep(batch: EncodedEvents): Promise<IntakeResult>;
  /** Events in memory that wait for the store. */
  readonly queued: number;
  /** Bytes on disk that wait for the store. */
  readonly spooledBytes: number;
  /** Whether batches are taken: the store answers, or there is room to wait for it. */
  ready(): Promise<boolean>;
  /** Makes everything safe that waits in memory; what is on disk stays there for the next start. */
  drain(): Promise<void>;
}

/** A replay may take this much longer than an insert that somebody waits for. */
const REPLAY_PATIENCE = 6;
const RETRY_MS = 250;

/**
 * The way of a batch: into memory and with others into the store; when the store fails, is slow or too far behind, to
 * disk and from there into the store. Either way the answer waits until the batch is on a disk.
 */
export function createIntake(options: IntakeOptions): Intake {
  const { store, spool, limits } = options;
  const gate = createGate(options);
  const batcher = new Batcher({
    // What still waited when the store went away goes to disk at once, and not after a wait of its own.
    insert: (groups) =>
      gate.isAway
        ? Promise.reject(new Error("the store is away"))
        : insertCounted(groups, limits.storeTimeoutMs, options, gate.failed),
    maxEvents: limits.insertEvents,
    maxInserts: limits.inserts,
    intervalMs: limits.insertIntervalMs,
    maxQueuedEvents: limits.queuedEvents,
    maxQueuedBytes: limits.queuedBytes,
  });
  const replay = spool && createReplay(spool, options, gate);
  replay?.start();

  const toSpool = async (batch: EncodedEvents, reason: "busy" | "away"): Promise<IntakeResult> => {
    if (!spool || !replay) return reason;
    try {
      await spool.append(batch);
    } catch (error) {
      if (!(error instanceof NoRoom)) options.log.error({ err: error }, "the spool cannot be written");
      return "full";
    }
    options.metrics.count("telltale_edge_spooled_events_total", {}, batch.events);
    replay.start();
    return "spooled";
  };
  return {
    async keep(batch) {
      if (gate.isAway) return toSpool(batch, "away");
      const stored = batcher.add(batch);
      if (stored === "full") return toSpool(batch, "busy");
      try {
        await stored;
        return "stored";
      } catch {
        // Logged once for the whole group.
        return toSpool(batch, "away");
      }
    },
    get queued() {
      return batcher.queued;
    },
    get spooledBytes() {
      return spool?.bytes ?? 0;
    },
    ready: async () => (spool?.hasRoom() ?? false) || (await store.ping()),
    async drain() {
      await batcher.drain();
      await replay?.stop();
      await spool?.close();
    },
  };
}

interface Gate {
  /** Whether batches go to disk at once: with a spool, the replay finds out when the store is back. */
  readonly isAway: boolean;
  failed(): void;
  back(): void;
}

function createGate({ spool, log }: IntakeOptions): Gate {
  let isAway = spool !== undefined && !spool.isEmpty;
  return {
    get isAway() {
      return isAway;
    },
    failed() {
      isAway = spool !== undefined;
    },
    back() {
      if (isAway) log.info({ spooledBytes: spool?.bytes }, "the event store takes events again");
      isAway = false;
    },
  };
}

function createReplay(spool: Spool, options: IntakeOptions, gate: Gate): Replay {
  const { limits, metrics, log } = options;
  return new Replay({
    spool,
    insert: (groups) => insertCounted(groups, limits.storeTimeoutMs * REPLAY_PATIENCE, options, gate.failed),
    isUnreadable,
    setAside: async (batch, reason) => {
      await spool.setAside(batch);
      metrics.count("telltale_edge_set_aside_events_total", {}, batch.events);
      log.error({ err: reason, events: batch.events }, "the event store cannot read a batch; it is kept in the spool");
    },
    onAttempt: (outcome, events) => {
      if (outcome === "failed") return;
      gate.back();
      metrics.count("telltale_edge_replayed_events_total", {}, events);
    },
    onDamage: (segment, bytes) => {
      metrics.count("telltale_edge_spool_damaged_bytes_total", {}, bytes);
      log.error({ segment, bytes }, "a part of the spool is no whole record; a batch cut there was never accepted");
    },
    onError: (error) => log.error({ err: error }, "the spool cannot be replayed; it is tried again"),
    maxEvents: limits.insertEvents,
    retryMs: RETRY_MS,
  });
}

/** One insert, counted, timed and given up when the store does not answer. */
async function insertCounted(
  groups: EncodedEvents[],
  timeoutMs: number,
  { store, metrics, log }: IntakeOptions,
  onFailure: () => void,
): Promise<void> {
  const start = performance.now();
  const events = groups.reduce((sum, group) => sum + group.events, 0);
  let result = "failed";
  try {
    await within(timeoutMs, (signal) => store.insert(groups, signal));
    result = "ok";
    metrics.count("telltale_edge_inserted_events_total", {}, events);
  } catch (error) {
    onFailure();
    log.error({ err: error, events }, "the event store refused an insert");
    throw error;
  } finally {
    metrics.count("telltale_edge_inserts_total", { result });
    metrics.count("telltale_edge_insert_seconds_total", {}, (performance.now() - start) / 1_000);
  }
}

/** The task's end, or a rejection when it takes longer, also for a task that does not listen to its signal. */
async function within(timeoutMs: number, task: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const ending = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new Error(`no answer within ${timeoutMs} ms`);
      reject(error);
      ending.abort(error);
    }, timeoutMs);
  });
  try {
    await Promise.race([task(ending.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}
