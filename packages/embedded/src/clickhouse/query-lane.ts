import { exception } from "./exception.ts";

/** Lets `width` tasks run at once and `waiting` more wait; the rest is refused as the server refuses too many queries. */
export class QueryLane {
  readonly #width: number;
  readonly #waitingMax: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(width: number, waitingMax: number) {
    this.#width = width;
    this.#waitingMax = waitingMax;
  }

  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#width) {
      if (this.#waiting.length >= this.#waitingMax) {
        throw exception(202, "TOO_MANY_SIMULTANEOUS_QUERIES", "Too many simultaneous queries");
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#running += 1;
    }
    try {
      return await task();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running -= 1;
    }
  }
}
