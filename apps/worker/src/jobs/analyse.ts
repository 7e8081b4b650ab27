import { createHash } from "node:crypto";
import { type AnalysisPlan, experimentsToAnalyse, saveSnapshot } from "@telltale/control";
import type { Database } from "@telltale/db";
import type { EventStore } from "@telltale/events";
import { analyse, ENGINE } from "../analysis/analyse.ts";
import { stepFor } from "../analysis/series.ts";

export interface AnalyseDependencies {
  database: Database;
  events: EventStore;
  now(): Date;
}

/**
 * Analyses running experiments and those that ended lately: moments from the event store, numbers from the statistics,
 * an immutable snapshot when they differ from the newest one.
 * @returns keys of the experiments that got a new snapshot
 */
export async function analyseAll(dependencies: AnalyseDependencies): Promise<string[]> {
  const plans = await experimentsToAnalyse(dependencies.database, { engine: ENGINE, now: dependencies.now() });
  const written: string[] = [];
  const failures: unknown[] = [];
  for (const plan of plans) {
    try {
      if (await analyseOne(dependencies, plan)) written.push(plan.key);
    } catch (error) {
      failures.push(new Error(`experiment ${plan.project}/${plan.key}`, { cause: error }));
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} of ${plans.length} analyses failed`);
  return written;
}

async function analyseOne({ database, events, now }: AnalyseDependencies, plan: AnalysisPlan): Promise<boolean> {
  const window = { from: plan.from, to: plan.to ?? now() };
  const stepSeconds = stepFor(window.to.getTime() - window.from.getTime());
  const moments = await events.moments({
    project: plan.project,
    environment: plan.environment,
    experiment: plan.key,
    variants: plan.arms.map((arm) => arm.variant),
    metrics: plan.metrics.map(({ key, eventName }) => ({ key, eventName })),
    by: plan.unit,
    stepSeconds,
    ...window,
  });
  // Rows are the store's business: a merge that drops a repeat changes them and nothing else.
  const { rows: _, ...counted } = moments;
  const facts = { status: plan.status, arms: plan.arms, metrics: plan.metrics, moments: counted, stepSeconds };
  const digest = createHash("sha256").update(JSON.stringify(facts)).digest("hex");
  return saveSnapshot(database, {
    experimentId: plan.id,
    digest,
    engine: ENGINE,
    inputs: { window, settings: { alpha: 0.05, arms: plan.arms, metrics: plan.metrics }, query: "moments/1", moments },
    analysis: analyse(plan, moments, stepSeconds),
    dataTo: window.to,
  });
}
