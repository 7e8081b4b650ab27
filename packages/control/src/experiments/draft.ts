import { settingsOverrideSchema } from "@telltale/analysis";
import { checkMargin, type DraftPlan, metricSchema, type PlanMetric } from "@telltale/configuration";
import type { Model, Prisma } from "@telltale/db";
import { z } from "zod";
import type { ProjectChange } from "../door/change.ts";
import { definitionOf } from "../metrics/definition.ts";
import { checkPlanned, resolveSettings } from "../statistics/settings.ts";
import type { PlanRow } from "./plan.ts";
import type { chosenMetrics } from "./shapes.ts";

/** Corrected together by Holm: more of them would find nothing. */
const MOST_PRIMARIES = 5;

const { absoluteMargin, margin, minimumEffect } = metricSchema.shape;

const boundedPlan = z.object({
  metrics: z.array(z.object({ minimumEffect, margin: margin.nullable(), absoluteMargin })),
  settings: settingsOverrideSchema,
  plannedUnits: z.int().min(2, "An experiment needs at least two units.").nullable(),
});

/** What speaks against reading an experiment by a plan, sentence by sentence. */
export function checkDraft(
  plan: DraftPlan,
  known: readonly Model.Metric[],
  organisation: Model.Organisation,
): string[] {
  const shape = boundedPlan.safeParse(plan);
  if (!shape.success) return shape.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  const keys = plan.metrics.map(({ key }) => key);
  const there = new Set(known.map(({ key }) => key));
  const primaries = plan.metrics.filter(({ role }) => role === "primary").length;
  const settings = resolveSettings(organisation.settings, shape.data.settings);
  return [
    ...keys.filter((key) => !there.has(key)).map((key) => `There is no metric "${key}".`),
    ...checkOnce(plan.metrics),
    ...(primaries >= 1 && primaries <= MOST_PRIMARIES ? [] : ["Choose one to five primary metrics: they decide."]),
    ...plan.metrics.flatMap((chosen) => checkChosen(chosen, known)),
    ...checkPlanned(settings, plan.plannedUnits),
  ];
}

/** What speaks against a list of metrics: one that is in it twice. */
export function checkOnce(metrics: readonly PlanMetric[]): string[] {
  const keys = metrics.map(({ key }) => key);
  return keys.filter((key, index) => keys.indexOf(key) < index).map((key) => `Choose the metric "${key}" once.`);
}

/** What speaks against the margin that an experiment sets for a metric. */
function checkChosen({ key, margin, absoluteMargin }: PlanMetric, known: readonly Model.Metric[]): string[] {
  const metric = known.find((own) => own.key === key);
  if (!metric || margin === null) return [];
  const { direction } = metric;
  return checkMargin({ definition: definitionOf(metric), direction, margin, absoluteMargin });
}

/** The project's metrics among the plan's, and its organisation. */
export async function findParts({ tx, project }: ProjectChange, { metrics }: Pick<DraftPlan, "metrics">) {
  const where = { projectId: project.id, key: { in: metrics.map(({ key }) => key) } };
  return {
    known: await tx.metric.findMany({ where }),
    organisation: await tx.organisation.findUniqueOrThrow({ where: { id: project.organisationId } }),
  };
}

/** Metrics as they are chosen: what is not given is the metric's own. */
export function chosenAs(metrics: z.output<typeof chosenMetrics>): PlanMetric[] {
  return metrics.map(({ key, role, minimumEffect = null, margin = null, absoluteMargin = null }) => ({
    key,
    role,
    minimumEffect,
    margin,
    absoluteMargin,
  }));
}

/** A plan as columns of the experiment, with rows for its metrics in their order. Settings that are undefined are not set. */
export function planColumns({ metrics, settings, ...columns }: DraftPlan, known: readonly Model.Metric[]) {
  const ids = new Map(known.map(({ key, id }) => [key, id]));
  return {
    ...columns,
    settings: JSON.parse(JSON.stringify(settings)) as Prisma.InputJsonObject,
    metrics: {
      create: metrics.map(({ key, ...row }, position) => ({ metricId: ids.get(key) ?? "", ...row, position })),
    },
  };
}

/** The plan that a draft has. */
export function draftPlanIn({ hypothesis, metrics, settings, plannedUnits }: PlanRow): DraftPlan {
  const chosen = metrics.map(({ metric, role, minimumEffect, margin, absoluteMargin }) => ({
    key: metric.key,
    role,
    minimumEffect,
    margin,
    absoluteMargin,
  }));
  return { hypothesis, metrics: chosen, settings: settingsOverrideSchema.parse(settings), plannedUnits };
}
