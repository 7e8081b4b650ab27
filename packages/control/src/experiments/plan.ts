import { type AnalysisPlan, analysisPlanSchema, type MetricHistory, type PlannedMetric } from "@telltale/analysis";
import { canonical } from "@telltale/configuration";
import type { Prisma, Transaction } from "@telltale/db";
import { z } from "zod";
import { definitionOf, formatOf } from "../metrics/definition.ts";
import { resolveSettings } from "../statistics/settings.ts";
import { readArms } from "./arms.ts";

/** An analysis plan as it is stored: with the revision that each metric had, by key. */
const frozenPlanSchema = analysisPlanSchema.extend({ revisions: z.record(z.string(), z.number()) });
type FrozenPlan = z.infer<typeof frozenPlanSchema>;

/** What a plan is made of. */
export const planParts = {
  project: { include: { organisation: true } },
  metrics: { include: { metric: true }, orderBy: { position: "asc" } },
} as const satisfies Prisma.ExperimentInclude;

export type PlanRow = Prisma.ExperimentGetPayload<{ include: typeof planParts }>;

/** By metric key: what its values were like before the start. */
export type Histories = Readonly<Record<string, MetricHistory | null>>;

/** The plan as the present rows make it, with what is known of the metrics' past. */
export function resolvePlan(row: PlanRow, histories: Histories = {}): FrozenPlan {
  return {
    arms: readArms(row.arms),
    unit: row.unit,
    metrics: row.metrics.map((metric) => planMetric(metric, histories[metric.metric.key] ?? null)),
    settings: resolveSettings(row.project.organisation.settings, row.settings),
    plannedUnits: row.plannedUnits,
    // What has started without a plan was started by a release that asked for no proven harm.
    guardrails: row.startedAt === null ? "shown" : "proven_harm",
    revisions: Object.fromEntries(row.metrics.map(({ metric }) => [metric.key, metric.revision])),
  };
}

function planMetric(row: PlanRow["metrics"][number], history: MetricHistory | null): PlannedMetric {
  const { metric, role } = row;
  const definition = definitionOf(metric);
  return {
    key: metric.key,
    name: metric.name,
    role,
    direction: metric.direction,
    definition,
    format: formatOf(metric, definition),
    minimumEffect: row.minimumEffect ?? metric.minimumEffect,
    margin: row.margin ?? metric.margin,
    // A fraction that the experiment sets for itself counts in place of the metric's absolute margin.
    absoluteMargin: row.absoluteMargin ?? (row.margin === null ? metric.absoluteMargin : null),
    history,
  };
}

/** The plan that an experiment is read by: the one it started with, or the present one before it has started. */
export function readPlan(row: PlanRow): AnalysisPlan {
  return analysisPlanSchema.parse(row.plan ?? resolvePlan(row));
}

/** Names of the metrics that are read otherwise today than the experiment's plan reads them. */
export function editedSince(row: PlanRow): string[] {
  if (row.plan === null) return [];
  const frozen = frozenPlanSchema.parse(row.plan);
  const present = new Map(resolvePlan(row).metrics.map((metric) => [metric.key, meaning(metric)]));
  const revisions = new Map(row.metrics.map(({ metric }) => [metric.key, metric.revision]));
  return frozen.metrics
    .filter(({ key }) => frozen.revisions[key] !== revisions.get(key))
    .filter((metric) => present.get(metric.key) !== meaning(metric))
    .map(({ name }) => name);
}

/** What of a metric decides its numbers and what they are called: not its name, nor how they are written. */
function meaning({ definition, direction, minimumEffect, margin, absoluteMargin }: PlannedMetric): string {
  return canonical({ definition, direction, minimumEffect, margin, absoluteMargin });
}

/** How a plan is stored. */
export function frozen(plan: FrozenPlan): Prisma.InputJsonObject {
  return plan;
}

/** Freezes the plans of experiments that an older release started, as what they are made of is about to change. */
export async function freezeStarted(tx: Transaction, where: Prisma.ExperimentWhereInput): Promise<void> {
  const rows = await tx.experiment.findMany({
    where: { AND: [where, { startedAt: { not: null } }] },
    include: planParts,
  });
  for (const row of rows.filter(({ plan }) => plan === null)) {
    await tx.experiment.update({ where: { id: row.id }, data: { plan: frozen(resolvePlan(row)) } });
  }
}

/** Who keeps what they started with, in a sentence; empty where nobody does. */
export function keeping(running: number): string {
  if (running === 0) return "";
  if (running === 1) return " One running experiment keeps what it started with.";
  return ` ${running} running experiments keep what they started with.`;
}
