/** A request's hold on the memory that bodies share. */
export interface Hold {
  add(bytes: number): void;
  /** All of the body is here: nobody takes it back any more. */
  complete(): void;
  release(): void;
}

interface Holder {
  bytes: number;
  isHeld: boolean;
  giveUp: () => void;
}

/**
 * Bytes of bodies in memory, all requests together. When they are too many, the body that is longest under way gives
 * way to the others: whoever sends slowly pays for it, and not those who send fast.
 */
export class Bodies {
  private readonly maxBytes: number;
  private readonly unfinished = new Set<Holder>();
  private total = 0;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.total;
  }

  get isFull(): boolean {
    return this.total >= this.maxBytes && this.unfinished.size === 0;
  }

  /** @param giveUp Called at most once, when the body must make room; its hold is gone then. */
  open(giveUp: () => void): Hold {
    const holder: Holder = { bytes: 0, isHeld: true, giveUp };
    const release = () => {
      if (!holder.isHeld) return;
      holder.isHeld = false;
      this.unfinished.delete(holder);
      this.total -= holder.bytes;
    };
    this.unfinished.add(holder);
    return {
      add: (bytes) => {
        if (!holder.isHeld) return;
        holder.bytes += bytes;
        this.total += bytes;
        while (this.total > this.maxBytes) {
          const [oldest] = this.unfinished;
          if (!oldest) return;
          oldest.isHeld = false;
          this.unfinished.delete(oldest);
          this.total -= oldest.bytes;
          oldest.giveUp();
        }
      },
      complete: () => void this.unfinished.delete(holder),
      release,
    };
  }
}
