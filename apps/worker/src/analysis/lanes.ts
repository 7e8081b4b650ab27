import { type LaneTurns, nextTask } from "./turns.ts";

/** Where an analysis runs: most are `quick`; one that takes longer, or more memory, than that lane allows goes to `slow`. */
export type Lane = "quick" | "slow";

/** Side by side in a lane. The slow lane has room for one, so that a slow analysis leaves the quick ones a core. */
const WIDTH: Record<Lane, number> = { quick: 3, slow: 1 };

/** What the event store may spend on one analysis. */
export interface AnalysisLimits {
  /** Longest time, seconds. */
  seconds: number;
  /** Largest share of its memory. */
  memoryShare: number;
}

/** All that run at once have seven eighths of the store's memory together: the rest is for what comes in, and for small questions. */
export const LIMITS: Record<Lane, AnalysisLimits> = {
  quick: { seconds: 15, memoryShare: 1 / 6 },
  slow: { seconds: 1_800, memoryShare: 3 / 8 },
};

export interface Task {
  /** A task under way with the same key makes this one superfluous; one that waits is replaced by a requested one. */
  key: string;
  lane: Lane;
  /** Only one task of an experiment runs at a time, whatever its lane. */
  experimentId: string;
  /** Who waits for it: a person's id, or another name; null for what is done on a schedule. */
  askedBy: string | null;
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
 * Two lanes that cannot block one another, whatever takes long being cut off in the quick lane to run in the other; in each
 * of them turns are shared, so that no person and no experiment keeps the others waiting.
 * @param onError told of a task that failed; tasks are expected to handle their own failures
 */
export function openLanes(onError: (key: string, error: unknown) => void): Lanes {
  const waiting: Task[] = [];
  const running = new Map<string, Task>();
  const turns: Record<Lane, LaneTurns> = { quick: { last: new Map(), count: 0 }, slow: { last: new Map(), count: 0 } };
  const stopping = new AbortController();
  let onIdle: (() => void)[] = [];

  const run = async (task: Task) => {
    try {
      await task.run(stopping.signal);
    } catch (error) {
      if (!stopping.signal.aborted) onError(task.key, error);
    } finally {
      running.delete(task.key);
      startNext();
    }
  };
  const startNext = () => {
    for (const lane of ["quick", "slow"] as const) {
      let task = nextTask(lane, WIDTH[lane], waiting, [...running.values()], turns[lane]);
      while (task) {
        waiting.splice(waiting.indexOf(task), 1);
        running.set(task.key, task);
        void run(task);
        task = nextTask(lane, WIDTH[lane], waiting, [...running.values()], turns[lane]);
      }
    }
    if (running.size > 0 || waiting.length > 0) return;
    for (const resolve of onIdle) resolve();
    onIdle = [];
  };
  const idle = () =>
    running.size === 0 && waiting.length === 0
      ? Promise.resolve()
      : new Promise<void>((resolve) => void onIdle.push(resolve));
  return {
    add(task) {
      if (running.has(task.key) || stopping.signal.aborted) return false;
      const same = waiting.findIndex(({ key }) => key === task.key);
      if (same < 0) waiting.push(task);
      else if (waiting[same]?.askedBy === null && task.askedBy !== null) waiting[same] = task;
      else return false;
      startNext();
      return true;
    },
    idle,
    async stop() {
      stopping.abort();
      waiting.length = 0;
      await idle();
    },
  };
}
