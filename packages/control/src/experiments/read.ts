import type { Database, Model } from "@telltale/db";
import type { Actor } from "../door/actor.ts";
import { openProject } from "../door/commit.ts";
import { notFound } from "../door/error.ts";
import { readArms } from "./arms.ts";
import { analysisSchema } from "./snapshot.ts";

const newest = { orderBy: { createdAt: "desc" as const }, take: 1 };

/** A snapshot for reading; null when an engine wrote it in a shape that is read no more (the worker then analyses anew). */
function describeSnapshot(snapshot: Model.Snapshot | undefined) {
  const analysis = analysisSchema.safeParse(snapshot?.result);
  if (!snapshot || !analysis.success) return null;
  const { id, createdAt, dataTo, engine } = snapshot;
  return { id, createdAt, dataTo, engine, ...analysis.data };
}

/** All experiments of a project: running ones first, then the newest. */
export async function listExperiments(database: Database, actor: Actor, input: { project: string }) {
  const project = await openProject(database, actor, input.project);
  const experiments = await database.experiment.findMany({
    where: { projectId: project.id },
    include: { flag: true, environment: true, snapshots: newest },
    orderBy: [{ createdAt: "desc" }],
  });
  const order = { running: 0, draft: 1, ended: 2 };
  return experiments
    .sort((a, b) => order[a.status] - order[b.status])
    .map((experiment) => {
      const [row] = experiment.snapshots;
      const snapshot = describeSnapshot(row);
      return {
        key: experiment.key,
        name: experiment.name,
        status: experiment.status,
        flag: experiment.flag.key,
        environment: experiment.environment.key,
        startedAt: experiment.startedAt,
        endedAt: experiment.endedAt,
        people: snapshot?.people ?? 0,
        verdict: snapshot?.verdict.sentence ?? null,
        arms: readArms(experiment.arms),
      };
    });
}

/** One experiment with its newest snapshot. */
export async function getExperiment(database: Database, actor: Actor, input: { project: string; experiment: string }) {
  const project = await openProject(database, actor, input.project);
  const experiment = await database.experiment.findUnique({
    where: { projectId_key: { projectId: project.id, key: input.experiment } },
    include: {
      flag: true,
      environment: true,
      metrics: { include: { metric: true }, orderBy: { position: "asc" } },
      snapshots: newest,
    },
  });
  if (!experiment) throw notFound("experiment", input.experiment);
  const [snapshot] = experiment.snapshots;
  const { key, name, hypothesis, status, revision, unit, share, startedAt, endedAt } = experiment;
  return {
    ...{ key, name, hypothesis, status, revision, unit, share, startedAt, endedAt },
    flag: experiment.flag.key,
    environment: experiment.environment.key,
    arms: readArms(experiment.arms),
    metrics: experiment.metrics.map(({ metric, role }) => ({
      ...{ key: metric.key, name: metric.name, direction: metric.direction, eventName: metric.eventName },
      role,
    })),
    snapshot: describeSnapshot(snapshot),
  };
}

/** What the analysis needs of an experiment; read by the worker, which acts for nobody. */
export interface AnalysisPlan {
  id: string;
  key: string;
  project: string;
  environment: string;
  status: "running" | "ended";
  unit: string;
  arms: { variant: string; parts: number }[];
  metrics: {
    key: string;
    name: string;
    eventName: string;
    direction: "increase" | "decrease";
    role: "primary" | "secondary" | "guardrail";
  }[];
  from: Date;
  to: Date | null;
}

/**
 * Running experiments, and ended ones until this engine has seen their end and the events that come late
 * (`lateMs` after somebody stopped them).
 */
export async function experimentsToAnalyse(
  database: Database,
  { engine, now, lateMs = 3_600_000 }: { engine: string; now: Date; lateMs?: number },
): Promise<AnalysisPlan[]> {
  const started = await database.experiment.findMany({
    where: { startedAt: { not: null } },
    include: {
      project: true,
      environment: true,
      metrics: { include: { metric: true }, orderBy: { position: "asc" } },
      snapshots: { ...newest, select: { createdAt: true, engine: true } },
    },
  });
  const rows = started.filter(({ status, updatedAt, snapshots: [snapshot] }) => {
    const seen = snapshot?.engine === engine && snapshot.createdAt > updatedAt;
    const settled = seen && now.getTime() > updatedAt.getTime() + lateMs;
    return status === "running" || !settled;
  });
  return rows.flatMap((row) => {
    if (!row.startedAt || row.status === "draft") return [];
    const { id, key, status, unit } = row;
    const metrics = row.metrics.map(({ metric, role }) => ({
      ...{ key: metric.key, name: metric.name, eventName: metric.eventName, direction: metric.direction },
      role,
    }));
    const where = { project: row.project.key, environment: row.environment.key };
    return [
      { ...where, id, key, status, unit, arms: readArms(row.arms), metrics, from: row.startedAt, to: row.endedAt },
    ];
  });
}
