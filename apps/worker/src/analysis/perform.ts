import {
  type AnalysisDue,
  type AnalysisOrder,
  analysisOrder,
  finishRequests,
  recordNewsCheck,
  recordRun,
  recordSlow,
  takeRequests,
} from "@telltale/control";
import { MomentsLimitError } from "@telltale/events";
import type { Logger } from "pino";
import type { AnalysisLimits, Lane } from "./lanes.ts";
import { problemOf, unseenAttribute } from "./problem.ts";
import { baseQueryOf, type RunDependencies, runAnalysis } from "./run.ts";
import { newsWanted } from "./schedule.ts";

/** One analysis to be done, for everybody who requested it and for the schedule. */
export interface Work {
  due: AnalysisDue;
  /** An attribute of exposures; null for the whole. */
  breakdown: string | null;
  /** Somebody waits for it. */
  isAsked: boolean;
}

export interface PerformContext extends RunDependencies {
  log: Pick<Logger, "debug" | "warn">;
  monotonicMs(): number;
  lane: Lane;
  limits: Record<Lane, AnalysisLimits>;
}

type Outcome = { snapshot: string; dataTo: Date } | { problem: string };

/** A slow experiment that takes less than this share of the quick lane's limit goes back to it. */
const QUICK_AGAIN = 0.5;

/** Does one analysis and writes down how it went; what fails is told in the state and to who asked, never thrown. */
export async function perform(context: PerformContext, work: Work, signal: AbortSignal): Promise<void> {
  const { database, now, monotonicMs, lane, limits, log } = context;
  const { breakdown } = work;
  const { experimentId } = work.due;
  const startedMs = monotonicMs();
  const elapsed = () => (monotonicMs() - startedMs) / 1_000;
  let asked: string[] = [];
  const finish = async (isSlow: boolean, outcome: Outcome) => {
    const at = now();
    if (breakdown === null) await recordRun(database, { experimentId, at, seconds: elapsed(), isSlow, outcome });
    await finishRequests(database, { ids: asked, at, outcome });
  };
  try {
    asked = await takeRequests(database, { experimentId, breakdown, at: now() });
    if (work.isAsked && asked.length === 0) return;
    const order = await analysisOrder(database, experimentId);
    if (!order || (asked.length === 0 && (await isNothingNew(context, work.due, order))) || signal.aborted) return;
    if (breakdown !== null && !(await context.events.hasAttribute(baseQueryOf(order), breakdown))) {
      return await finish(false, { problem: unseenAttribute(breakdown) });
    }
    const run = await runAnalysis(context, order, { breakdown, limits: limits[lane], signal });
    const isSlow = lane === "slow" && elapsed() > QUICK_AGAIN * limits.quick.seconds;
    await finish(isSlow, { snapshot: run.snapshotId, dataTo: run.dataTo });
    log.debug({ experiment: order.key, breakdown, lane, seconds: elapsed(), isNew: run.isNew }, "analysed");
  } catch (error) {
    if (signal.aborted) return;
    // Too large for the quick lane is no failure: the next tick does it again, in the other.
    if (isTooLarge(error) && lane === "quick") return await recordSlow(database, { experimentId });
    log.warn({ experiment: work.due.experiment, breakdown, lane, err: error }, "an analysis failed");
    await finish(lane === "slow", { problem: problemOf(error, limits.slow.seconds) });
  }
}

const isTooLarge = (error: unknown) => error instanceof MomentsLimitError && error.reason !== "crowded";

/** Whether a scan would find what is known already; written down, as it keeps the numbers fresh. */
async function isNothingNew(context: PerformContext, due: AnalysisDue, order: AnalysisOrder): Promise<boolean> {
  const { database, events, now } = context;
  const at = now();
  const since = newsWanted(due, at);
  if (!since || (await events.newsSince(baseQueryOf(order), since))) return false;
  await recordNewsCheck(database, { experimentId: due.experimentId, at, dataTo: order.to ?? at });
  return true;
}
