import PQueue from "p-queue";

/** Where an analysis runs: most are `quick`; one that takes longer than that lane's limit goes to `slow`. */
export type Lane = "quick" | "slow";

/** Side by side in a lane. The slow lane has room for one, so that a slow analysis leaves the quick ones a core. */
const WIDTH: Record<Lane, number> = { quick: 3, slow: 1 };

/** Longest time the event store may take for one analysis, seconds. */
export const LIMIT_SECONDS: Record<Lane, number> = { quick: 15, slow: 1_800 };

export interface Task {
  /** A task under way or waiting with the same key makes this one superfluous. */
  key: string;
  lane: Lane;
  /** Asked for by somebody who waits for it. */
  isAsked: boolean;
  run(signal: AbortSignal): Promise<void>;
}

export interface Lanes {
  /** False when it was superfluous. */
  add(task: Task): boolean;
  /** Resolves when nothing waits or runs any more. */
  idle(): Promise<void>;
  /** Drops what waits, cuts off what runs. */
  stop(): Promise<void>;
}

/**
 * Two lanes that cannot block one another: whatever takes long is cut off in the quick lane and runs in the other.
 * @param onError told of a task that failed; tasks are expected to handle their own failures
 */
export function openLanes(onError: (key: string, error: unknown) => void): Lanes {
  const queues: Record<Lane, PQueue> = {
    quick: new PQueue({ concurrency: WIDTH.quick }),
    slow: new PQueue({ concurrency: WIDTH.slow }),
  };
  const taken = new Set<string>();
  const stopping = new AbortController();
  const idle = async () => {
    // What was added meanwhile counts too.
    while (taken.size > 0) await Promise.all([queues.quick.onIdle(), queues.slow.onIdle()]);
  };
  return {
    add({ key, lane, isAsked, run }) {
      if (taken.has(key) || stopping.signal.aborted) return false;
      taken.add(key);
      const task = async () => {
        try {
          if (!stopping.signal.aborted) await run(stopping.signal);
        } catch (error) {
          if (!stopping.signal.aborted) onError(key, error);
        } finally {
          taken.delete(key);
        }
      };
      void queues[lane].add(task, { priority: isAsked ? 1 : 0 });
      return true;
    },
    idle,
    async stop() {
      stopping.abort();
      await idle();
    },
  };
}
