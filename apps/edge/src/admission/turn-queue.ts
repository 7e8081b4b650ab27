/** A slice of the event loop is at least and at most this long, milliseconds; the time in between is everybody else's. */
const SLICE_MIN_MS = 2;
const SLICE_MAX_MS = 20;

interface Task {
  run(): void;
}

/**
 * Heavy work of many requests, one after another, in slices: between two slices the loop serves what came in
 * meanwhile. A slice is as long as what it had to wait for, so that of two floods neither gets more than half.
 */
export class TurnQueue {
  private readonly waiting: Task[] = [];
  private readonly maxWaiting: number;
  private readonly now: () => number;
  private scheduled = false;
  private lastEndMs = 0;
  private next = 0;

  constructor(maxWaiting: number, now: () => number = () => performance.now()) {
    this.maxWaiting = maxWaiting;
    this.now = now;
  }

  get isFull(): boolean {
    return this.waiting.length - this.next >= this.maxWaiting;
  }

  /** Runs the task when its turn comes; `full` when too many wait. */
  run<T>(task: () => T): Promise<T> | "full" {
    return this.isFull ? "full" : this.enqueue(task);
  }

  /**
   * Takes steps one after another, in as many turns as they need: each is over after the least length of a slice, and
   * the next waits behind everybody else's. `full` when too many wait; once begun, it is brought to its end.
   * @returns what the steps gave, and their result in the end
   */
  runAll<T, R>(steps: Iterator<T, R>): Promise<{ taken: T[]; result: R }> | "full" {
    return this.isFull ? "full" : this.finish(steps);
  }

  private async finish<T, R>(steps: Iterator<T, R>): Promise<{ taken: T[]; result: R }> {
    const taken: T[] = [];
    for (;;) {
      const last = await this.enqueue(() => this.takeSome(steps, taken));
      if (last.done) return { taken, result: last.value };
    }
  }

  /** One turn of it; the last step. */
  private takeSome<T, R>(steps: Iterator<T, R>, taken: T[]): IteratorResult<T, R> {
    const end = this.now() + SLICE_MIN_MS;
    for (;;) {
      const step = steps.next();
      if (step.done) return step;
      taken.push(step.value);
      if (this.now() >= end) return step;
    }
  }

  private enqueue<T>(task: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.waiting.push({
        run() {
          try {
            resolve(task());
          } catch (error) {
            reject(error);
          }
        },
      });
      this.schedule();
    });
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => this.slice());
  }

  private slice(): void {
    const start = this.now();
    const budgetMs = Math.min(SLICE_MAX_MS, Math.max(SLICE_MIN_MS, start - this.lastEndMs));
    do {
      this.waiting[this.next++]?.run();
      this.lastEndMs = this.now();
    } while (this.next < this.waiting.length && this.lastEndMs - start < budgetMs);
    this.waiting.splice(0, this.next);
    this.next = 0;
    this.scheduled = false;
    if (this.waiting.length > 0) this.schedule();
  }
}
