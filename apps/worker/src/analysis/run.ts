import { createHash } from "node:crypto";
import { type AnalysisInputs, analyse, chooseStepSeconds, ENGINE, looksOf, referenceOf } from "@telltale/analysis";
import { canonical } from "@telltale/configuration";
import { type AnalysisOrder, saveSnapshot } from "@telltale/control";
import type { Database } from "@telltale/db";
import type { EventStore, MomentsQuery } from "@telltale/events";
import type { AnalysisLimits } from "./lanes.ts";

export interface RunDependencies {
  database: Database;
  events: Pick<EventStore, "moments" | "newsSince" | "hasAttribute" | "ping">;
  now(): Date;
}

export interface RunOptions {
  /** An attribute of exposures; null for the whole. */
  breakdown: string | null;
  /** What the event store may spend on it. */
  limits: AnalysisLimits;
  signal: AbortSignal;
}

/** What a run found. */
export interface AnalysisRun {
  snapshotId: string;
  /** False when the newest snapshot says the same. */
  isNew: boolean;
  dataTo: Date;
}

/** What every question about an experiment names. */
export function baseQueryOf({ environmentId, key: experiment, plan }: AnalysisOrder) {
  const metrics = plan.metrics.map(({ key, definition }) => ({ key, definition }));
  return { environmentId, experiment, by: plan.unit, metrics } satisfies Partial<MomentsQuery>;
}

/**
 * Analyses one experiment: moments from the event store, numbers and words from the analysis, and an immutable snapshot
 * when they differ from the newest one.
 * @throws MomentsLimitError when it takes longer, or more memory, than the limits say
 */
export async function runAnalysis(
  { database, events, now }: RunDependencies,
  order: AnalysisOrder,
  { breakdown, limits, signal }: RunOptions,
): Promise<AnalysisRun> {
  const { plan } = order;
  const window = { from: order.from, to: order.to ?? now() };
  const stepSeconds = chooseStepSeconds(window.to.getTime() - window.from.getTime());
  const query: MomentsQuery = {
    ...baseQueryOf(order),
    ...window,
    variants: plan.arms.map(({ variant }) => variant),
    stepSeconds,
    beforeDays: plan.settings.cupedDays,
    limitSeconds: limits.seconds,
    limitMemoryShare: limits.memoryShare,
  };
  const asked = await events.moments({ ...query, ...(breakdown === null ? {} : { breakdown }) }, signal);
  const found: AnalysisInputs = {
    plan,
    status: order.status,
    stepSeconds,
    breakdown,
    window: { from: window.from.toISOString(), to: window.to.toISOString() },
    editedSince: order.editedSince,
    ...order.before,
    moments: asked.moments,
  };
  const look = await momentsAtLook(found, query, (own) => events.moments(own, signal));
  // Steps get longer with the window: what information is counted from, and where looks were, is found once and handed on.
  const inputs = { ...found, ...look.inputs, reference: referenceOf(found) };
  const analysis = analyse(inputs);
  const { id, isNew } = await saveSnapshot(database, {
    experimentId: order.id,
    breakdown,
    digest: createHash("sha256")
      .update(canonical({ plan, moments: asked.moments, ...look.inputs, analysis }))
      .digest("hex"),
    engine: ENGINE,
    inputs: { ...inputs, query: asked.query, ...look.query },
    analysis,
    dataTo: window.to,
  });
  return { snapshotId: id, isNew, dataTo: window.to };
}

/**
 * The planned looks that were reached, and the moments as they stood at the end of the last of them: a result that is read
 * once stays what it was there, whatever came since and however coarse the series has become.
 */
async function momentsAtLook(
  found: AnalysisInputs,
  query: MomentsQuery,
  ask: (query: MomentsQuery) => ReturnType<EventStore["moments"]>,
) {
  const looks = looksOf(found);
  const last = looks.at(-1);
  if (!last) return { inputs: {}, query: {} };
  // Times are inclusive.
  const to = new Date(Math.min(Date.parse(last.end) - 1, query.to.getTime()));
  const { moments, query: queryAtLook } = await ask({ ...query, to });
  return { inputs: { looks, atLook: moments.variants }, query: { queryAtLook } };
}
