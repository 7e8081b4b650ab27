import type { Database, Model } from "@telltale/db";

/** How the analysis of an experiment goes. */
export interface AnalysisState {
  /** When a run ended last, well or not. */
  lastRunAt: Date | null;
  /** The newest data that a run has seen, whether or not it found anything new. */
  dataTo: Date | null;
  /** How long the last run took. */
  seconds: number;
  isSlow: boolean;
  /** Why the last run failed, for people; null after one that did not. */
  problem: string | null;
  /** Failed runs since the last good one. */
  failures: number;
  /** When the worker looked last whether there are new events. */
  newsCheckedAt: Date | null;
}

/** The state of an experiment that has perhaps never been analysed. */
export function stateOf(row: Model.AnalysisState | null | undefined): AnalysisState {
  return {
    lastRunAt: row?.lastRunAt ?? null,
    dataTo: row?.dataTo ?? null,
    seconds: row?.seconds ?? 0,
    isSlow: row?.isSlow ?? false,
    problem: row?.problem ?? null,
    failures: row?.failures ?? 0,
    newsCheckedAt: row?.newsCheckedAt ?? null,
  };
}

/** How a run ended: what it has seen, or a sentence that says why it failed and what to do. */
export type RunOutcome = { dataTo: Date } | { problem: string };

/** A run that is over, well or not. */
export interface FinishedRun {
  experimentId: string;
  /** When it ended. */
  at: Date;
  seconds: number;
  isSlow: boolean;
  outcome: RunOutcome;
}

/** Writes down how a run of the plain analysis ended. A failure keeps what the last good run has seen. */
export async function recordRun(database: Database, run: FinishedRun): Promise<void> {
  const { experimentId, at, seconds, isSlow, outcome } = run;
  const common = { lastRunAt: at, seconds, isSlow };
  const failed = "problem" in outcome;
  // It has seen what was there when it began.
  const newsCheckedAt = new Date(at.getTime() - seconds * 1_000);
  const good = failed ? {} : { dataTo: outcome.dataTo, newsCheckedAt, problem: null, failures: 0 };
  await database.analysisState.upsert({
    where: { experimentId },
    create: { experimentId, ...common, ...(failed ? { problem: outcome.problem, failures: 1 } : good) },
    update: { ...common, ...(failed ? { problem: outcome.problem, failures: { increment: 1 } } : good) },
  });
}

/**
 * Writes down why nothing is analysed at all, such as a store that is away: no failure of these experiments to back off
 * from. What failed by itself goes on to say so.
 */
export async function recordObstacle(
  database: Database,
  { experimentIds, problem }: { experimentIds: string[]; problem: string },
): Promise<void> {
  await database.analysisState.createMany({
    data: experimentIds.map((experimentId) => ({ experimentId, problem })),
    skipDuplicates: true,
  });
  const where = { experimentId: { in: experimentIds }, failures: 0 };
  await database.analysisState.updateMany({ where, data: { problem } });
}

/** Writes down that nothing stands in the way any more. */
export async function clearObstacle(database: Database): Promise<void> {
  await database.analysisState.updateMany({
    where: { failures: 0, problem: { not: null } },
    data: { problem: null },
  });
}

/** Writes down that there was nothing new to analyse: what is shown is all that is known up to `dataTo`. */
export async function recordNewsCheck(
  database: Database,
  { experimentId, at, dataTo }: { experimentId: string; at: Date; dataTo: Date },
): Promise<void> {
  const checked = { newsCheckedAt: at, dataTo };
  await database.analysisState.upsert({
    where: { experimentId },
    create: { experimentId, ...checked },
    update: checked,
  });
}

/** Writes down that an experiment takes longer than quick analyses may: its next run is among the slow ones. */
export async function recordSlow(database: Database, { experimentId }: { experimentId: string }): Promise<void> {
  const isSlow = true;
  await database.analysisState.upsert({
    where: { experimentId },
    create: { experimentId, isSlow },
    update: { isSlow },
  });
}
