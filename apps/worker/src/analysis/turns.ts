import type { Lane, Task } from "./lanes.ts";

/**
 * Who had which turn in a lane: the number of the last one, by the person who requested the run; null stands for the
 * schedule.
 */
export interface LaneTurns {
  last: Map<string | null, number>;
  count: number;
}

/**
 * Chooses the task that starts next in a lane, and notes the turn; undefined where none may start now. What is asked for
 * goes before what is scheduled, but
 * - nobody has two turns at once, and who had a turn longest ago is next
 * - the schedule keeps one place of a lane that has several, and every second turn
 * - an experiment has one turn at a time, in both lanes together.
 */
export function nextTask(
  lane: Lane,
  width: number,
  waiting: readonly Task[],
  running: readonly Task[],
  turns: LaneTurns,
): Task | undefined {
  const here = running.filter((task) => task.lane === lane);
  if (here.length >= width) return undefined;
  const busy = new Set(running.map(({ experimentId }) => experimentId));
  const ready = waiting.filter((task) => task.lane === lane && !busy.has(task.experimentId));
  const scheduled = ready.find(({ askedBy }) => askedBy === null);
  const asked = firstAsked(ready, here, width, turns);
  const isTurnOfSchedule = lastTurn(turns, null) < turns.count;
  const task = scheduled && (asked === undefined || isTurnOfSchedule) ? scheduled : asked;
  if (task) {
    turns.count += 1;
    turns.last.set(task.askedBy, turns.count);
    forget(turns);
  }
  return task;
}

const lastTurn = (turns: LaneTurns, who: string | null) => turns.last.get(who) ?? 0;

function firstAsked(ready: readonly Task[], here: readonly Task[], width: number, turns: LaneTurns): Task | undefined {
  const served = here.flatMap(({ askedBy }) => (askedBy === null ? [] : [askedBy]));
  if (served.length >= Math.max(1, width - 1)) return undefined;
  let first: Task | undefined;
  for (const task of ready) {
    if (task.askedBy === null || served.includes(task.askedBy)) continue;
    if (!first || lastTurn(turns, task.askedBy) < lastTurn(turns, first.askedBy)) first = task;
  }
  return first;
}

/** People whose last turn is remembered. */
const REMEMBERED = 1_000;

function forget({ last }: LaneTurns): void {
  if (last.size <= REMEMBERED) return;
  const oldest = [...last].filter(([who]) => who !== null).sort(([, a], [, b]) => a - b)[0];
  if (oldest) last.delete(oldest[0]);
}
