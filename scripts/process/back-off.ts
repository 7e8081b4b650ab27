const FIRST_MS = 300;
const MOST_MS = 30_000;
/** Who lived so long did not die of its start. */
const HEALTHY_MS = 60_000;

/** How long to wait before what has died is started again: longer each time, bounded, and for ever. */
export class BackOff {
  #deaths = 0;

  /** @param livedMs how long it lived this time */
  nextMs(livedMs: number): number {
    this.#deaths = livedMs >= HEALTHY_MS ? 1 : this.#deaths + 1;
    return Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(this.#deaths - 1, 20));
  }
}
