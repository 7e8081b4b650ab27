import { describeDefinition } from "@telltale/configuration";
import type { Database, Model } from "@telltale/db";
import { type Actor, actorName } from "../door/actor.ts";
import { notFound } from "../door/error.ts";
import { openProject } from "../door/open.ts";
import { formatOf, metricIn, metricInRevision } from "./definition.ts";

/** What stands in place of a revision that the release before wrote: it kept none. */
export const BEFORE_HISTORY = {
  sentence: "As it was before metrics had a history.",
  actor: { id: null, kind: "system", name: "upgrade" },
};

/** A metric for reading, whatever release wrote it. */
function describeMetric(row: Model.Metric) {
  const metric = metricIn(row);
  const { key, eventName, revision } = row;
  return {
    ...metric,
    key,
    kind: metric.definition.kind,
    eventName,
    revision,
    format: formatOf(metric, metric.definition),
    /** The definition in words. */
    sentence: describeDefinition(metric.definition),
  };
}

/** All metrics of a project, with how many experiments read each. */
export async function listMetrics(database: Database, actor: Actor, input: { project: string }) {
  const project = await openProject(database, actor, input.project);
  const metrics = await database.metric.findMany({
    where: { projectId: project.id },
    include: { _count: { select: { experiments: true } } },
    orderBy: { key: "asc" },
  });
  return metrics.map(({ _count, ...metric }) => ({ ...describeMetric(metric), experiments: _count.experiments }));
}

/** One metric, with the experiments that read it, newest first. */
export async function getMetric(database: Database, actor: Actor, input: { project: string; metric: string }) {
  const project = await openProject(database, actor, input.project);
  const metric = await database.metric.findUnique({
    where: { projectId_key: { projectId: project.id, key: input.metric } },
    include: { experiments: { include: { experiment: true }, orderBy: { experiment: { createdAt: "desc" } } } },
  });
  if (!metric) throw notFound("metric", input.metric);
  const { experiments, ...row } = metric;
  return {
    ...describeMetric(row),
    experiments: experiments.map(({ role, experiment: { key, name, status } }) => ({ key, name, status, role })),
  };
}

/** Revisions of a metric, newest first, at most 200. */
export async function metricHistory(database: Database, actor: Actor, input: { project: string; metric: string }) {
  const project = await openProject(database, actor, input.project);
  const where = { projectId_key: { projectId: project.id, key: input.metric } };
  const revisions = { orderBy: { revision: "desc" }, take: 200 } as const;
  const metric = await database.metric.findUnique({ where, include: { revisions } });
  if (!metric) throw notFound("metric", input.metric);
  const kept = metric.revisions.map((row) => ({
    revision: row.revision,
    sentence: row.sentence,
    actorName: actorName(row.actor),
    at: row.createdAt,
    ...metricInRevision(row),
  }));
  if (kept[0]?.revision === metric.revision) return kept;
  const { sentence, actor: upgrade } = BEFORE_HISTORY;
  const present = { revision: metric.revision, sentence, actorName: upgrade.name, at: metric.createdAt };
  return [{ ...present, ...metricIn(metric) }, ...kept].slice(0, revisions.take);
}
