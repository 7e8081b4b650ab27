import { type Evaluation, type TelltaleEvent, utf8 } from "@telltale/evaluator";
import type { Delivery, Listeners } from "../listeners.ts";
import { backoffMs, type Platform, sleep } from "../options.ts";
import { type Destination, type SendResult, sendBatch } from "../wire.ts";
import { createCounts } from "./counts.ts";
import { uuid } from "./ids.ts";

export interface QueueOptions {
  destination: Destination;
  maxQueue: number;
  batchSize: number;
  platform: Platform;
  listeners: Listeners;
  /** How long events may wait; 0 while somebody is watching. Asked each time, the ruleset may change it. */
  intervalMs(): number;
}

type WithoutId<E> = E extends TelltaleEvent ? Omit<E, "id" | "time"> : never;

export interface Queue {
  /** False when the event was dropped. */
  add(event: WithoutId<TelltaleEvent>): boolean;
  count(flag: string, evaluation: Evaluation): void;
  readonly delivery: Delivery;
  /** Tries once to send all that waits now; what fails stays queued and is retried in the background. */
  flush(): Promise<void>;
  /** The page may be going away: sends what fits into one request that outlives it. */
  leave(): void;
  /** Sends what waits, for at most 5 s; what is left then is dropped and counted. */
  close(): Promise<void>;
}

const SEND_TIMEOUT_MS = 30_000;
const CLOSE_TIMEOUT_MS = 5_000;
/** Browsers allow 64 kB for all requests that outlive the page. */
const LEAVE_BYTES_MAX = 60_000;

export function createQueue(options: QueueOptions): Queue {
  const { platform, listeners, maxQueue, batchSize } = options;
  const box = createBox(maxQueue, platform);
  const ending = new AbortController();
  let failures = 0;
  let running: Promise<void> | undefined;
  let disarm: (() => void) | undefined;
  let dueAt = Number.POSITIVE_INFINITY;

  /** Makes sure that a pass begins within the delay. */
  function arm(delayMs: number): void {
    const at = platform.now() + delayMs;
    if (at >= dueAt || box.closed) return;
    disarm?.();
    dueAt = at;
    disarm = platform.schedule(() => {
      dueAt = Number.POSITIVE_INFINITY;
      void pass();
    }, delayMs);
  }

  /** Something waits. A pass that runs, or a retry that is due, will see to it. */
  function noted(): void {
    if (!running && failures === 0) arm(box.delivery.queued >= batchSize ? 0 : options.intervalMs());
  }

  function pass(): Promise<void> {
    running ??= drain().finally(() => {
      running = undefined;
      if (box.waiting) noted();
    });
    return running;
  }

  async function drain(): Promise<void> {
    box.collect();
    for (let left = box.delivery.queued; left > 0; left -= batchSize) {
      const batch = box.first(Math.min(batchSize, left));
      if (batch.length === 0) return;
      const result = await send(batch);
      box.settle(batch, result);
      if (!result.ok) listeners.emit("error", new Error(`events were not delivered: ${result.reason}`));
      listeners.emit("delivery", { ...box.delivery });
      if (!result.ok && result.retryable) {
        arm(
          Math.max(
            backoffMs(failures++, () => platform.random()),
            result.retryAfterMs ?? 0,
          ),
        );
        return;
      }
      failures = 0;
    }
  }

  async function send(batch: TelltaleEvent[]): Promise<SendResult> {
    const attempt = new AbortController();
    const abort = () => attempt.abort(new Error("no answer in time"));
    const disarmTimeout = platform.schedule(abort, SEND_TIMEOUT_MS);
    ending.signal.addEventListener("abort", abort);
    const result = await sendBatch({ ...options.destination, signal: attempt.signal }, batch);
    ending.signal.removeEventListener("abort", abort);
    disarmTimeout();
    return result;
  }

  async function flush(): Promise<void> {
    while (running) await running;
    await pass();
  }

  return {
    delivery: box.delivery,
    flush,
    add(event) {
      const added = box.add(event);
      noted();
      return added;
    },
    count(flag, evaluation) {
      box.count(flag, evaluation);
      if (dueAt === Number.POSITIVE_INFINITY) noted();
    },
    leave() {
      box.collect();
      const batch = box.first(batchSize, LEAVE_BYTES_MAX);
      if (batch.length === 0) return;
      void sendBatch({ ...options.destination, keepalive: true }, batch).then((result) => {
        // Whatever went wrong, the events are still queued.
        if (result.ok) box.settle(batch, result);
      });
    },
    async close() {
      if (box.closed) return;
      disarm?.();
      const disarmEnd = platform.schedule(() => ending.abort(), CLOSE_TIMEOUT_MS);
      const endAt = platform.now() + CLOSE_TIMEOUT_MS;
      await flush();
      box.closed = true;
      while (box.delivery.queued > 0 && platform.now() < endAt) {
        disarm?.();
        await sleep(
          platform,
          backoffMs(failures, () => platform.random()),
          ending.signal,
        );
        await flush();
      }
      disarmEnd();
      box.abandon();
      listeners.emit("delivery", { ...box.delivery });
    },
  };
}

/** The waiting events, and the count of what became of each. */
function createBox(maxQueue: number, platform: Platform) {
  const pending = new Set<TelltaleEvent>();
  const counts = createCounts();
  const told = { acknowledged: 0, refused: 0, dropped: 0 };
  const delivery: Delivery = {
    get queued() {
      return pending.size;
    },
    get acknowledged() {
      return told.acknowledged;
    },
    get refused() {
      return told.refused;
    },
    get dropped() {
      return told.dropped;
    },
  };
  function add(event: WithoutId<TelltaleEvent>): boolean {
    if (box.closed || pending.size >= maxQueue) {
      told.dropped++;
      return false;
    }
    pending.add({ ...event, id: uuid(), time: new Date(platform.now()).toISOString() } as TelltaleEvent);
    return true;
  }
  const box = {
    closed: false,
    delivery,
    add,
    count: counts.add,
    get waiting() {
      return pending.size + counts.size > 0;
    },
    /** Turns the counts into events; while the queue is full they go on counting instead. */
    collect(): void {
      if (box.closed || pending.size + counts.size > maxQueue) return;
      for (const count of counts.take()) add({ type: "evaluations", ...count });
    },
    first(eventsMax: number, bytesMax = Number.POSITIVE_INFINITY): TelltaleEvent[] {
      const batch: TelltaleEvent[] = [];
      let bytes = 0;
      for (const event of pending) {
        if (bytesMax < Number.POSITIVE_INFINITY) bytes += utf8(JSON.stringify(event)).length + 1;
        if (batch.length >= eventsMax || bytes > bytesMax) break;
        batch.push(event);
      }
      return batch;
    },
    /** An event that two requests carried is counted with the first answer. */
    settle(batch: TelltaleEvent[], result: SendResult): void {
      if (!result.ok && result.retryable) return;
      const refused = result.ok && new Set(result.receipt.refused.map(({ index }) => index));
      batch.forEach((event, index) => {
        if (pending.delete(event)) told[!refused || refused.has(index) ? "refused" : "acknowledged"]++;
      });
    },
    abandon(): void {
      told.dropped += pending.size;
      pending.clear();
    },
  };
  return box;
}
