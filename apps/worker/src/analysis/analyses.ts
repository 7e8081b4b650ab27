import { ENGINE } from "@telltale/analysis";
import { type AnalysisDue, analysesDue } from "@telltale/control";
import type { Logger } from "pino";
import { type AnalysisLimits, type Lane, LIMITS, openLanes } from "./lanes.ts";
import { perform } from "./perform.ts";
import type { RunDependencies } from "./run.ts";
import { dueAt } from "./schedule.ts";
import { openStoreWatch } from "./store-watch.ts";

export interface Analyses {
  /** Puts what is due, and what was asked for, into its lane; does not wait for it. */
  tick(): Promise<void>;
  /** Resolves when nothing waits or runs. */
  idle(): Promise<void>;
  /** Cuts off what runs: the next leader does it again. */
  stop(): Promise<void>;
}

export interface AnalysesOptions extends RunDependencies {
  log: Pick<Logger, "debug" | "warn" | "error">;
  /** What the event store may spend on an analysis of each lane. */
  limits?: Record<Lane, AnalysisLimits>;
  /** Milliseconds of a clock that nobody sets: how long a run took. */
  monotonicMs?: () => number;
}

/**
 * Analyses of running experiments, and of ended ones until their last events are in, on a schedule and on request, in two
 * lanes in which turns are shared: no experiment and no person blocks the others. While the event store is away nothing is
 * begun; experiments and requests say so.
 */
export function openAnalyses(options: AnalysesOptions): Analyses {
  const { database, now, log, limits = LIMITS, monotonicMs = () => performance.now() } = options;
  const lanes = openLanes((key, error) => log.error({ analysis: key, err: error }, "an analysis broke"));
  const watch = openStoreWatch(options);
  const enqueue = (due: AnalysisDue, breakdown: string | null, askedBy: string | null) => {
    const { experimentId } = due;
    const lane: Lane = due.state.isSlow ? "slow" : "quick";
    const context = { ...options, monotonicMs, lane, limits };
    lanes.add({
      key: `${experimentId} ${JSON.stringify(breakdown)}`,
      lane,
      experimentId,
      askedBy,
      run: (signal) => perform(context, { due, breakdown, isAsked: askedBy !== null }, signal),
    });
  };
  return {
    async tick() {
      const at = now();
      const all = await analysesDue(database, { engine: ENGINE, now: at });
      if (!(await watch.isThere(all))) return;
      for (const due of all) {
        for (const { breakdown, personId } of due.requests) enqueue(due, breakdown, personId ?? "nobody");
        if (due.isScheduled && dueAt(due, at) <= at.getTime()) enqueue(due, null, null);
      }
    },
    idle: lanes.idle,
    stop: lanes.stop,
  };
}
