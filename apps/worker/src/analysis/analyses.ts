import { ENGINE } from "@telltale/analysis";
import {
  type AnalysisDue,
  type AnalysisOrder,
  analysesDue,
  analysisOrder,
  finishRequest,
  recordNewsCheck,
  recordRun,
  recordSlow,
  takeRequest,
} from "@telltale/control";
import { MomentsLimitError } from "@telltale/events";
import type { Logger } from "pino";
import { type Lane, LIMIT_SECONDS, openLanes } from "./lanes.ts";
import { problemOf } from "./problem.ts";
import { type RunDependencies, runAnalysis, subjectOf } from "./run.ts";
import { dueAt, newsWanted } from "./schedule.ts";

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
  /** Longest time the event store may take in each lane, seconds. */
  limits?: Record<Lane, number>;
}

/** One analysis to be done: the whole as scheduled, or what a request asks for. */
interface Work {
  due: AnalysisDue;
  request: { id: string; breakdown: string | null } | null;
}

/** A slow experiment that takes less than this share of the quick lane's limit goes back to it. */
const QUICK_AGAIN = 0.5;

/**
 * Analyses of running experiments, and of ended ones until their last events are in, on a schedule and on request, in two
 * lanes: one slow experiment never blocks the others.
 */
export function openAnalyses(options: AnalysesOptions): Analyses {
  const { database, now, log } = options;
  const lanes = openLanes((key, error) => log.error({ analysis: key, err: error }, "an analysis broke"));
  const enqueue = (work: Work, lane: Lane) => {
    const key = `${work.due.experimentId}${work.request ? ` ${work.request.id}` : ""}`;
    lanes.add({ key, lane, isAsked: work.request !== null, run: (signal) => perform(options, work, lane, signal) });
  };
  return {
    async tick() {
      const at = now();
      for (const due of await analysesDue(database, { engine: ENGINE })) {
        const lane = due.state.isSlow ? "slow" : "quick";
        for (const request of due.requests) enqueue({ due, request }, lane);
        if (due.isScheduled && dueAt(due) <= at.getTime()) enqueue({ due, request: null }, lane);
      }
    },
    idle: lanes.idle,
    stop: lanes.stop,
  };
}

/** Whether a scan would find what is known already; written down, as it keeps the numbers fresh. */
async function isNothingNew(options: AnalysesOptions, due: AnalysisDue, order: AnalysisOrder): Promise<boolean> {
  const { database, events, now } = options;
  const at = now();
  const since = newsWanted(due, at);
  if (!since || (await events.newsSince(subjectOf(order), since))) return false;
  await recordNewsCheck(database, { experimentId: due.experimentId, at, dataTo: order.to ?? at });
  return true;
}

/** Does one analysis and writes down how it went; what fails is told in the state or the request, never thrown. */
async function perform(options: AnalysesOptions, work: Work, lane: Lane, signal: AbortSignal): Promise<void> {
  const { database, now, limits = LIMIT_SECONDS, log } = options;
  const { due, request } = work;
  const { experimentId } = due;
  const breakdown = request?.breakdown ?? null;
  const order = await analysisOrder(database, experimentId);
  if (!order) return;
  if (request ? !(await takeRequest(database, { id: request.id, at: now() })) : await isNothingNew(options, due, order))
    return;
  if (signal.aborted) return;
  const startedMs = now().getTime();
  const elapsed = () => (now().getTime() - startedMs) / 1_000;
  const finish = async (isSlow: boolean, outcome: { snapshot: string; dataTo: Date } | { problem: string }) => {
    const at = now();
    if (breakdown === null) await recordRun(database, { experimentId, at, seconds: elapsed(), isSlow, outcome });
    if (request) await finishRequest(database, { id: request.id, at, outcome });
  };
  try {
    const run = await runAnalysis(options, order, { breakdown, limitSeconds: limits[lane], signal });
    const isSlow = lane === "slow" && elapsed() > QUICK_AGAIN * limits.quick;
    await finish(isSlow, { snapshot: run.snapshotId, dataTo: run.dataTo });
    log.debug({ experiment: order.key, breakdown, lane, seconds: elapsed(), isNew: run.isNew }, "analysed");
  } catch (error) {
    if (signal.aborted) return;
    // Cut off in the quick lane is no failure: the next tick does it again, in the other.
    if (error instanceof MomentsLimitError && lane === "quick") return recordSlow(database, { experimentId });
    log.warn({ experiment: order.key, breakdown, lane, err: error }, "an analysis failed");
    await finish(lane === "slow", { problem: problemOf(error, limits.slow) });
  }
}
