import { countEncodedBytes, type EncodedEvents } from "@telltale/events";

export interface BatcherOptions {
  /** Stores events durably; resolves only then. */
  insert: (groups: EncodedEvents[]) => Promise<void>;
  maxEvents: number;
  /** Inserts under way at once: while one waits for the disk, the next is parsed. */
  maxInserts: number;
  intervalMs: number;
  maxQueuedEvents: number;
  maxQueuedBytes: number;
}

interface Waiting {
  group: EncodedEvents;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/**
 * Groups the events of many requests into one insert after another. The first after a pause go at once, later ones at
 * least `intervalMs` apart or when `maxEvents` wait. Each request learns the fate of its own events.
 */
export class Batcher {
  private readonly options: BatcherOptions;
  private waiting: Waiting[] = [];
  /** Not yet stored, and of those the ones that no insert has taken yet. */
  private events = 0;
  private waitingEvents = 0;
  private bytes = 0;
  private lastStart = Number.NEGATIVE_INFINITY;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly running = new Set<Promise<void>>();
  private draining = false;

  constructor(options: BatcherOptions) {
    this.options = options;
  }

  /** Events not yet stored, those of the insert under way included. */
  get queued(): number {
    return this.events;
  }

  /** Resolves when the events are stored, rejects when the insert failed; `full` when there is no room for them. */
  add(group: EncodedEvents): Promise<void> | "full" {
    const { maxQueuedEvents, maxQueuedBytes } = this.options;
    const bytes = countEncodedBytes(group);
    const crowded = this.events + group.events > maxQueuedEvents || this.bytes + bytes > maxQueuedBytes;
    if (crowded && this.events > 0) return "full";
    const stored = new Promise<void>((resolve, reject) => {
      this.waiting.push({ group, resolve, reject });
    });
    this.events += group.events;
    this.waitingEvents += group.events;
    this.bytes += bytes;
    this.schedule();
    return stored;
  }

  /** Stores what waits, and from now on whatever still comes, without pausing; resolves when nothing is left. */
  async drain(): Promise<void> {
    this.draining = true;
    this.schedule();
    while (this.running.size > 0) await Promise.race(this.running);
  }

  private schedule(): void {
    if (this.running.size >= this.options.maxInserts || this.waiting.length === 0) return;
    const pause = this.lastStart + this.options.intervalMs - performance.now();
    if (this.draining || pause <= 0 || this.waitingEvents >= this.options.maxEvents) this.start();
    else this.timer ??= setTimeout(() => this.start(), pause);
  }

  private start(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.lastStart = performance.now();
    const insert = this.insertNext().finally(() => {
      this.running.delete(insert);
      this.schedule();
    });
    this.running.add(insert);
  }

  private async insertNext(): Promise<void> {
    // Requests that arrived in the same turn of the event loop travel together.
    await Promise.resolve();
    let count = 0;
    let taken = 0;
    for (const { group } of this.waiting) {
      if (taken > 0 && count + group.events > this.options.maxEvents) break;
      count += group.events;
      taken++;
    }
    const together = this.waiting.splice(0, taken);
    this.waitingEvents -= count;
    try {
      await this.options.insert(together.map(({ group }) => group));
      for (const one of together) one.resolve();
    } catch (error) {
      for (const one of together) one.reject(error);
    } finally {
      this.events -= count;
      this.bytes -= together.reduce((sum, { group }) => sum + countEncodedBytes(group), 0);
    }
  }
}
