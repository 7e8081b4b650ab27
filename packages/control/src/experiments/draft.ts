import { type SettingsOverride, settingsOverrideSchema } from "@telltale/analysis";
import { checkMargin, metricSchema } from "@telltale/configuration";
import type { Model, Prisma } from "@telltale/db";
import { z } from "zod";
import type { Change } from "../door/change.ts";
import { definitionOf } from "../metrics/definition.ts";
import { checkPlanned, resolveSettings } from "../statistics/settings.ts";

/** A metric in an experiment. What is given here counts in place of the metric's own. */
export interface ChosenMetric {
  key: string;
  role: "primary" | "secondary" | "guardrail";
  /** Smallest lift that matters, a fraction. */
  minimumEffect?: number | null | undefined;
  /** Harm that it bears as a guardrail, a fraction of the control's mean. */
  margin?: number | null | undefined;
  /** The same in the metric's own unit, in its place. */
  absoluteMargin?: number | null | undefined;
}

/** What of an experiment decides how its results are read; open until it starts. */
export interface Reading {
  metrics: ChosenMetric[];
  /** What it sets otherwise than its organisation. */
  settings: SettingsOverride;
  /** Units over all arms that it is planned for; null without a plan. */
  plannedUnits: number | null;
}

/** Corrected together by Holm: more of them would find nothing. */
const MOST_PRIMARIES = 5;

const { absoluteMargin, margin, minimumEffect } = metricSchema.shape;

const readingSchema = z.object({
  metrics: z.array(
    z.object({
      minimumEffect: minimumEffect.optional(),
      margin: margin.nullish(),
      absoluteMargin: absoluteMargin.optional(),
    }),
  ),
  settings: settingsOverrideSchema,
  plannedUnits: z.int().min(2, "An experiment needs at least two units.").nullable(),
});

/** What speaks against reading an experiment so, sentence by sentence. */
export function checkReading(reading: Reading, known: readonly Model.Metric[], organisation: Model.Organisation) {
  const shape = readingSchema.safeParse(reading);
  if (!shape.success) return shape.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  const keys = reading.metrics.map(({ key }) => key);
  const there = new Set(known.map(({ key }) => key));
  const primaries = reading.metrics.filter(({ role }) => role === "primary").length;
  const settings = resolveSettings(organisation.settings, shape.data.settings);
  return [
    ...keys.filter((key) => !there.has(key)).map((key) => `There is no metric "${key}".`),
    ...keys.filter((key, index) => keys.indexOf(key) < index).map((key) => `Choose the metric "${key}" once.`),
    ...(primaries >= 1 && primaries <= MOST_PRIMARIES ? [] : ["Choose one to five primary metrics: they decide."]),
    ...reading.metrics.flatMap((chosen) => checkChosen(chosen, known)),
    ...checkPlanned(settings, reading.plannedUnits),
  ];
}

/** What speaks against the margin that an experiment sets for a metric. */
function checkChosen({ key, margin = null, absoluteMargin = null }: ChosenMetric, known: readonly Model.Metric[]) {
  const metric = known.find((own) => own.key === key);
  if (!metric || margin === null) return [];
  const { direction } = metric;
  return checkMargin({ definition: definitionOf(metric), direction, margin, absoluteMargin });
}

/** The project's metrics among the chosen ones, and its organisation. */
export async function findParts({ tx, project }: Change, metrics: ChosenMetric[]) {
  const where = { projectId: project.id, key: { in: metrics.map(({ key }) => key) } };
  return {
    known: await tx.metric.findMany({ where }),
    organisation: await tx.organisation.findUniqueOrThrow({ where: { id: project.organisationId } }),
  };
}

/** Settings as they are stored: without what was not given. */
export function storedSettings(settings: SettingsOverride): Prisma.InputJsonObject {
  return JSON.parse(JSON.stringify(settings)) as Prisma.InputJsonObject;
}

/** Chosen metrics as rows of the experiment, in their order. */
export function metricRows(metrics: ChosenMetric[], known: readonly Model.Metric[]) {
  const ids = new Map(known.map(({ key, id }) => [key, id]));
  return metrics.map(({ key, role, minimumEffect = null, margin = null, absoluteMargin = null }, position) => ({
    ...{ metricId: ids.get(key) ?? "", role, position, minimumEffect, margin, absoluteMargin },
  }));
}
