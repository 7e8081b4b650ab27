import { type AnalysisPlan, analysisSchema } from "@telltale/analysis";
import { readConfiguration } from "@telltale/configuration";
import type { Database, Model } from "@telltale/db";
import { describeRun } from "../analyses/read.ts";
import { describeRequest } from "../analyses/requests.ts";
import { newestFirst } from "../analyses/snapshots.ts";
import { stateOf } from "../analyses/state.ts";
import type { Actor } from "../door/actor.ts";
import { notFound } from "../door/error.ts";
import { openProject } from "../door/open.ts";
import { firstEvent } from "../metrics/definition.ts";
import { readArms } from "./arms.ts";
import { editedSince, type PlanRow, planParts, readPlan } from "./plan.ts";
import { describeAfterStop } from "./running/afterwards.ts";
import { readInterruptions } from "./running/interruptions.ts";

const bookkeeping = {
  state: true,
  requests: { where: { finishedAt: null }, orderBy: { sequence: "asc" } },
} as const;

/** How the analysis goes, with the requests that are not answered yet. */
function describeState(row: { state: Model.AnalysisState | null; requests: Model.AnalysisRequest[] }) {
  return { ...stateOf(row.state), requests: row.requests.map(describeRequest) };
}

/** All experiments of a project: running ones first, then the newest. */
export async function listExperiments(database: Database, actor: Actor, input: { project: string }) {
  const project = await openProject(database, actor, input.project);
  const experiments = await database.experiment.findMany({
    where: { projectId: project.id },
    include: { flag: true, environment: true, ...bookkeeping },
    orderBy: [{ createdAt: "desc" }],
  });
  const found = await newestVerdicts(database, project.id);
  const order = { running: 0, draft: 1, ended: 2 };
  return experiments
    .sort((a, b) => order[a.status] - order[b.status])
    .map((experiment) => {
      const { key, name, status, startedAt, endedAt } = experiment;
      const newest = found.get(experiment.id);
      return {
        key,
        name,
        status,
        startedAt,
        endedAt,
        flag: experiment.flag.key,
        environment: experiment.environment.key,
        people: newest?.people ?? 0,
        verdict: newest?.verdict.sentence ?? null,
        code: newest?.verdict.code ?? null,
        pendingChecks: (newest?.health ?? []).flatMap(({ check, state }) => (state === "pending" ? [check] : [])),
        arms: readArms(experiment.arms),
        state: describeState(experiment),
      };
    });
}

const verdictSchema = analysisSchema.pick({ people: true, verdict: true, health: true });

/** By experiment, what its newest plain snapshot says; results are large, and of other engines' read no more. */
async function newestVerdicts(database: Database, projectId: string) {
  const rows = await database.$queryRaw<{ id: string; people: unknown; verdict: unknown; health: unknown }[]>`
    select e.id, newest.people, newest.verdict, newest.health
    from experiment e cross join lateral (
      select result->'people' as people, result->'verdict' as verdict, result->'health' as health from snapshot
      where "experimentId" = e.id and breakdown is null order by sequence desc limit 1
    ) newest
    where e."projectId" = ${projectId}`;
  return new Map(
    rows.flatMap(({ id, ...row }) => {
      const read = verdictSchema.safeParse(row);
      return read.success ? [[id, read.data] as const] : [];
    }),
  );
}

/** One experiment with its newest snapshot. */
export async function getExperiment(database: Database, actor: Actor, input: { project: string; experiment: string }) {
  const project = await openProject(database, actor, input.project);
  const experiment = await database.experiment.findUnique({
    where: { projectId_key: { projectId: project.id, key: input.experiment } },
    include: {
      flag: { include: { configs: true } },
      environment: true,
      ...planParts,
      ...bookkeeping,
      snapshots: { where: { breakdown: null }, orderBy: newestFirst, take: 1, omit: { inputs: true } },
    },
  });
  if (!experiment) throw notFound("experiment", input.experiment);
  const [snapshot] = experiment.snapshots;
  const { key, name, hypothesis, status, revision, unit, share, startedAt, endedAt } = experiment;
  return {
    key,
    name,
    hypothesis,
    status,
    revision,
    unit,
    share,
    startedAt,
    endedAt,
    flag: experiment.flag.key,
    environment: experiment.environment.key,
    arms: readArms(experiment.arms),
    ...describePlan(experiment),
    afterStop: afterStopOf(experiment),
    flagChanges: await readInterruptions(database, project.id, experiment.key),
    state: describeState(experiment),
    snapshot: snapshot ? describeSnapshot(snapshot) : null,
  };
}

/** What an experiment's results are read by, and where its events are. */
export interface ExperimentPlan {
  plan: AnalysisPlan;
  environmentId: string;
  /** Null before it has started. */
  startedAt: Date | null;
}

/** The plan that it started with, or the one that it would start with now. @throws ControlError NOT_FOUND */
export async function getPlan(
  database: Database,
  actor: Actor,
  input: { project: string; experiment: string },
): Promise<ExperimentPlan> {
  const project = await openProject(database, actor, input.project);
  const experiment = await database.experiment.findUnique({
    where: { projectId_key: { projectId: project.id, key: input.experiment } },
    include: planParts,
  });
  if (!experiment) throw notFound("experiment", input.experiment);
  const { environmentId, startedAt } = experiment;
  return { plan: readPlan(experiment), environmentId, startedAt };
}

/** What people who are in a running experiment get once it stops, in words; null when it does not run. */
function afterStopOf(experiment: {
  key: string;
  status: Model.ExperimentStatus;
  environmentId: string;
  flag: { configs: Model.FlagConfig[] };
}): string | null {
  const found = experiment.flag.configs.find(({ environmentId }) => environmentId === experiment.environmentId);
  if (experiment.status !== "running" || !found) return null;
  return describeAfterStop(readConfiguration(found.config), experiment.key);
}

/** How its results are read: as it started with, or as it would be were it started now. */
function describePlan(experiment: PlanRow) {
  const { settings, plannedUnits, metrics } = readPlan(experiment);
  const own = new Map(
    experiment.metrics.map(({ metric, minimumEffect, margin, absoluteMargin }) => [
      metric.key,
      { minimumEffect, margin, absoluteMargin },
    ]),
  );
  return {
    metrics: metrics.map((metric) => ({
      ...metric,
      kind: metric.definition.kind,
      eventName: firstEvent(metric.definition),
      /** What the experiment sets in place of the metric's. */
      own: own.get(metric.key) ?? { minimumEffect: null, margin: null, absoluteMargin: null },
    })),
    settings,
    /** What the experiment sets in place of its organisation's. */
    ownSettings: experiment.settings as Partial<typeof settings>,
    plannedUnits,
    isFrozen: experiment.plan !== null,
    editedSince: editedSince(experiment),
  };
}

/**
 * A snapshot for reading; null when an engine wrote it in a shape that is read no more (the worker then analyses
 * again).
 */
function describeSnapshot(row: Omit<Model.Snapshot, "inputs">) {
  const { id, createdAt, dataTo, engine, analysis } = describeRun(row);
  return analysis && { id, createdAt, dataTo, engine, ...analysis };
}
