import { describeDefinition } from "@telltale/configuration";
import type { Database, Model } from "@telltale/db";
import type { Actor } from "../door/actor.ts";
import { notFound } from "../door/error.ts";
import { openProject } from "../door/open.ts";
import { definitionOf, formatOf } from "./definition.ts";

type MetricRow = Omit<Model.Metric, "id" | "projectId" | "kind" | "createdAt" | "teamId" | "definition" | "format"> &
  Record<"definition" | "format", unknown>;

/** A metric for reading, whatever release wrote it. */
export function describeMetric(metric: MetricRow) {
  const { key, name, description, direction, eventName, minimumEffect, margin, absoluteMargin, revision } = metric;
  const definition = definitionOf(metric);
  return {
    ...{ key, name, description, kind: definition.kind, eventName, direction },
    ...{ minimumEffect, margin, absoluteMargin, revision },
    definition,
    format: formatOf(metric, definition),
    /** The definition in words. */
    sentence: describeDefinition(definition),
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
