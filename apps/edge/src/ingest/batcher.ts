export interface BatcherOptions<Row> {
  /** Stores rows for good; resolves only then. */
  insert: (rows: Row[]) => Promise<void>;
  maxRows: number;
  intervalMs: number;
  maxQueuedRows: number;
  maxQueuedBytes: number;
}

interface Waiting<Row> {
  rows: Row[];
  bytes: number;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/**
 * Groups the rows of many requests into one insert after another. The first rows after a pause go at once, later ones
 * at least `intervalMs` apart or when `maxRows` wait. Each request learns the fate of its own rows.
 */
export class Batcher<Row> {
  private readonly options: BatcherOptions<Row>;
  private waiting: Waiting<Row>[] = [];
  private rows = 0;
  private bytes = 0;
  private lastStart = Number.NEGATIVE_INFINITY;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running: Promise<void> | undefined;
  private draining = false;

  constructor(options: BatcherOptions<Row>) {
    this.options = options;
  }

  /** Rows not yet stored, those of the insert under way included. */
  get queued(): number {
    return this.rows;
  }

  /** Resolves when the rows are stored, rejects when the insert failed; `full` when there is no room for them. */
  add(rows: Row[], bytes: number): Promise<void> | "full" {
    const { maxQueuedRows, maxQueuedBytes } = this.options;
    const crowded = this.rows + rows.length > maxQueuedRows || this.bytes + bytes > maxQueuedBytes;
    if (crowded && this.rows > 0) return "full";
    const stored = new Promise<void>((resolve, reject) => {
      this.waiting.push({ rows, bytes, resolve, reject });
    });
    this.rows += rows.length;
    this.bytes += bytes;
    this.schedule();
    return stored;
  }

  /** Stores what waits, and from now on whatever still comes, without pausing; resolves when nothing is left. */
  async drain(): Promise<void> {
    this.draining = true;
    while (this.running || this.waiting.length > 0) await (this.running ?? this.start());
  }

  private schedule(): void {
    if (this.running || this.waiting.length === 0) return;
    const pause = this.lastStart + this.options.intervalMs - performance.now();
    if (this.draining || pause <= 0 || this.rows >= this.options.maxRows) {
      void this.start();
    } else this.timer ??= setTimeout(() => void this.start(), pause);
  }

  private start(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.lastStart = performance.now();
    this.running = this.insertNext().finally(() => {
      this.running = undefined;
      this.schedule();
    });
    return this.running;
  }

  private async insertNext(): Promise<void> {
    // Requests that arrived in the same turn of the event loop travel together.
    await Promise.resolve();
    let count = 0;
    let taken = 0;
    for (const { rows } of this.waiting) {
      if (taken > 0 && count + rows.length > this.options.maxRows) break;
      count += rows.length;
      taken++;
    }
    const group = this.waiting.splice(0, taken);
    try {
      await this.options.insert(group.flatMap((one) => one.rows));
      for (const one of group) one.resolve();
    } catch (error) {
      for (const one of group) one.reject(error);
    } finally {
      this.rows -= count;
      this.bytes -= group.reduce((sum, one) => sum + one.bytes, 0);
    }
  }
}
