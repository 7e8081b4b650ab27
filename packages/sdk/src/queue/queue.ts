import type { Outcome } from "@telltale/evaluator";
import type { Delivery } from "../listeners.ts";
import { backoffMs, type Platform, within } from "../platform.ts";
import { sendBatch } from "../wire.ts";
import { createLedger, type Ledger, type NewEvent } from "./ledger.ts";

export interface Queue {
  readonly delivery: Delivery;
  /** False when the event was dropped. */
  add(event: NewEvent): boolean;
  count(outcome: Outcome): void;
  /** Tries once to send all that waits now; what fails stays queued and is retried in the background. */
  flush(): Promise<void>;
  /** The page may be going away: sends what fits into one request that outlives it. */
  leave(): Promise<void>;
  /** Sends what waits, for at most 5 s; what is left then is dropped and counted. */
  close(): Promise<void>;
}

const SEND_TIMEOUT_MS = 30_000;
const CLOSE_TIMEOUT_MS = 5_000;
/** The edge takes 1 MB a request. */
const BATCH_BYTES_MAX = 900_000;
/** Browsers allow 64 kB for all requests that outlive the page. */
const LEAVE_BYTES_MAX = 60_000;

/** @param intervalMs How long events may wait. Asked each time: the ruleset may change it. */
export function createQueue(platform: Platform, maxQueue: number, batchSize: number, intervalMs: () => number): Queue {
  const { now, schedule, emit } = platform;
  const ledger = createLedger(maxQueue, now);
  const { delivery, collect } = ledger;
  const ending = new AbortController();
  const { signal } = ending;
  let disarm = () => {};
  let dueAt = Number.POSITIVE_INFINITY;
  let running: Promise<void> | undefined;
  let failures = 0;
  let closing: Promise<void> | undefined;
  let onPass = () => {};

  /** Makes sure that a pass begins within the delay. */
  const arm = (delayMs: number): void => {
    if (now() + delayMs >= dueAt || signal.aborted) return;
    disarm();
    dueAt = now() + delayMs;
    disarm = schedule(pass, delayMs);
  };
  /** Something waits. A pass that runs, or a retry that is due, will see to it. */
  const noted = (): void => {
    if (!running && !failures) arm(delivery.queued < batchSize ? intervalMs() : 0);
  };
  const pass = (): Promise<void> => {
    disarm();
    dueAt = Number.POSITIVE_INFINITY;
    running ??= sendAll(platform, ledger, batchSize, signal).then((retryMs) => {
      running = undefined;
      if (retryMs !== undefined) arm(Math.max(retryMs, backoffMs(platform, failures++)));
      else {
        failures = 0;
        if (collect()) noted();
      }
      onPass();
    });
    return running;
  };
  const flush = async (): Promise<void> => {
    while (running) await running;
    if (!signal.aborted) await pass();
  };
  return {
    delivery,
    flush,
    add(event) {
      const added = ledger.add(event);
      noted();
      return added;
    },
    count(outcome) {
      ledger.count(outcome);
      if (dueAt === Number.POSITIVE_INFINITY) noted();
    },
    leave: () => sendLast(platform, ledger, batchSize),
    close() {
      closing ??= new Promise<void>((resolve) => {
        const cancel = schedule(() => ending.abort(), CLOSE_TIMEOUT_MS);
        onPass = () => {
          if (!delivery.queued) ending.abort();
        };
        signal.addEventListener("abort", () => {
          cancel();
          disarm();
          ledger.end();
          emit("delivery", { ...delivery });
          resolve();
        });
        void flush();
      });
      return closing;
    },
  };
}

/** Sends what waits at the start; undefined when all was answered, else how long the edge wants to be left alone. */
async function sendAll(
  platform: Platform,
  ledger: Ledger,
  batchSize: number,
  signal: AbortSignal,
): Promise<number | undefined> {
  const { emit } = platform;
  let left = ledger.collect();
  let most = batchSize;
  while (left > 0) {
    const batch = ledger.first(Math.min(most, left), BATCH_BYTES_MAX);
    const result = await within(platform, signal, SEND_TIMEOUT_MS, (aborted) =>
      sendBatch({ ...platform, signal: aborted }, batch),
    );
    // Halved until it fits; an event that is too big alone is refused.
    if (!result.ok && result.tooBig && batch[1]) {
      most = batch.length >> 1;
      continue;
    }
    left -= batch.length || left;
    ledger.settle(batch, result);
    if (!result.ok) emit("error", new Error(`events were not delivered: ${result.reason}`));
    emit("delivery", { ...ledger.delivery });
    if (!result.ok && result.retryable) return result.retryAfterMs ?? 0;
  }
  return undefined;
}

/** Whatever goes wrong, the events are still queued. */
async function sendLast(platform: Platform, ledger: Ledger, batchSize: number): Promise<void> {
  if (!ledger.collect()) return;
  const batch = ledger.first(batchSize, LEAVE_BYTES_MAX);
  const result = await sendBatch({ ...platform, keepalive: true }, batch);
  if (result.ok) ledger.settle(batch, result);
}
