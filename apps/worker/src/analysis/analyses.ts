import { ENGINE } from "@telltale/analysis";
import {
  type AnalysisDue,
  analysesDue,
  analysisOrder,
  finishRequest,
  recordCheck,
  recordFailure,
  recordRun,
  startRequest,
} from "@telltale/control";
import { MomentsLimitError } from "@telltale/events";
import type { Logger } from "pino";
import { type Lane, LIMIT_SECONDS, openLanes } from "./lanes.ts";
import { type RunDependencies, runAnalysis } from "./run.ts";
import { dueAt, LONGEST_PAUSE_MS } from "./schedule.ts";

export interface Analyses {
  /** Puts what is due, and what was asked for, into its lane; does not wait for it. */
  tick(): Promise<void>;
  /** Resolves when nothing waits or runs. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

export interface AnalysesOptions extends RunDependencies {
  log: Pick<Logger, "debug" | "warn" | "error">;
  /** Longest time the event store may take in each lane, seconds. */
  limits?: Record<Lane, number>;
}

/** What is stored while a query runs may carry a moment from before it: news are asked for from this much earlier. */
const STORE_LAG_MS = 60_000;
/** A slow experiment this far below the quick lane's limit goes back to it. */
const QUICK_AGAIN = 0.5;

/** One analysis to be done: the whole as scheduled, or what a request asks for. */
interface Work {
  due: AnalysisDue;
  request: { id: string; breakdown: string | null } | null;
}

/**
 * Analyses of running experiments, and of ended ones until their last events are in, on a schedule and on request, in two
 * lanes: one slow experiment never blocks the others.
 */
export function openAnalyses({ limits = LIMIT_SECONDS, log, ...dependencies }: AnalysesOptions): Analyses {
  const { database, events, now } = dependencies;
  const lanes = openLanes((key, error) => log.error({ analysis: key, err: error }, "an analysis broke"));

  const enqueue = (work: Work, lane: Lane = work.due.state?.isSlow ? "slow" : "quick") => {
    const { due, request } = work;
    const key = `${due.experimentId} ${request ? request.id : ""}`;
    lanes.add({ key, lane, isAsked: request !== null, run: (signal) => work_(work, lane, signal) });
  };

  return {
    async tick() {
      const at = now();
      for (const due of await analysesDue(database, { engine: ENGINE, now: at })) {
        for (const request of due.requests) enqueue({ due, request });
        if (due.isScheduled && dueAt(due.state) <= at.getTime()) enqueue({ due, request: null });
      }
    },
    idle: lanes.idle,
    stop: lanes.stop,
  };
}
