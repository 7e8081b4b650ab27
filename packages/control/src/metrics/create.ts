import { type MetricFormat, metricDefinitionSchema, metricFormatSchema } from "@telltale/analysis";
import { type Database, newId, type Prisma } from "@telltale/db";
import { z } from "zod";
import type { Actor } from "../door/actor.ts";
import { commit } from "../door/commit.ts";
import { ControlError, invalid } from "../door/error.ts";
import { conversionOn, firstEvent, type MetricDefinition } from "./definition.ts";
import { absoluteMarginSchema, marginSchema } from "./margins.ts";
import { describeDefinition } from "./sentence.ts";

/** What a metric is: an event's name makes a conversion on it, a definition anything. */
export type Measured = { definition: z.input<typeof metricDefinitionSchema> } | { eventName: string };

export type NewMetric = {
  project: string;
  key: string;
  name: string;
  description?: string | undefined;
  direction?: "increase" | "decrease" | undefined;
  /** How values are written; unless given, shares in per cent and everything else as plain numbers. */
  format?: MetricFormat | undefined;
  /** Smallest lift that matters, a fraction. */
  minimumEffect?: number | null | undefined;
  /** Harm that it bears as a guardrail, a fraction of the control's mean. */
  margin?: number | undefined;
  /** The same in the metric's own unit, in its place: for means near 0. */
  absoluteMargin?: number | null | undefined;
} & Measured;

/** Adds a metric. @throws ControlError FORBIDDEN, EXISTS, INVALID with every problem */
export function createMetric(database: Database, actor: Actor, input: NewMetric): Promise<{ key: string }> {
  return commit(database, actor, input.project, async (change) => {
    const { key, name, description = "", direction = "increase" } = input;
    const parts = readMetricParts(input);
    const definition = "definition" in input ? parts.definition : conversionOn(input.eventName);
    if (!definition) throw invalid(["Say what it measures: give a definition."]);
    const where = { projectId_key: { projectId: change.project.id, key } };
    if (await change.tx.metric.findUnique({ where })) {
      throw new ControlError("EXISTS", `There is a metric "${key}" already. Choose another key.`);
    }
    await change.tx.metric.create({
      data: {
        ...{ id: newId(), projectId: change.project.id, key, name, description, direction },
        ...storedDefinition(definition),
        ...(parts.format ? { format: parts.format } : {}),
        minimumEffect: parts.minimumEffect ?? null,
        margin: parts.margin ?? 0,
        absoluteMargin: parts.absoluteMargin ?? null,
      },
    });
    const sentence = `Created: ${describeDefinition(definition)}.`;
    change.audit({ object: "metric", objectKey: key, action: "create", sentence });
    return { key };
  });
}

const partsSchema = z.object({
  definition: metricDefinitionSchema.optional(),
  format: metricFormatSchema.optional(),
  minimumEffect: z.number().gt(0, "The smallest effect that matters is above 0.").max(10).nullish(),
  margin: marginSchema.optional(),
  absoluteMargin: absoluteMarginSchema.nullish(),
});

/** The parts of a metric that have bounds, whoever calls. @throws ControlError INVALID */
export function readMetricParts(input: object): z.infer<typeof partsSchema> {
  const read = partsSchema.safeParse(input);
  if (read.success) return read.data;
  throw invalid(read.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`));
}

/** A definition as it is stored, with what the release before reads of it. */
export function storedDefinition(definition: MetricDefinition) {
  return {
    definition: definition as unknown as Prisma.InputJsonObject,
    kind: "conversion" as const,
    eventName: firstEvent(definition),
  };
}
