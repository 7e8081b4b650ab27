import { describeMetricChange, keySchema } from "@telltale/configuration";
import type { Model } from "@telltale/db";
import { z } from "zod";
import type { Change } from "../door/change.ts";
import { defineCommand } from "../door/command.ts";
import { ControlError, invalid, notFound } from "../door/error.ts";
import { freezeStarted, keeping } from "../experiments/plan.ts";
import { description, inProject, name, revision } from "../shapes.ts";
import { storedDefinition } from "./create.ts";
import { describeMetric } from "./read.ts";
import { absoluteMargin, checkMargin, definition, direction, format, margin, minimumEffect } from "./shapes.ts";

/** What is to change; what is not named stays. */
const metricUpdate = inProject.extend({
  metric: keySchema,
  /** The revision the caller has seen; a newer one answers CONFLICT and nothing is lost. */
  expectedRevision: revision,
  name: name.optional(),
  description: description.optional(),
  definition: definition.optional(),
  direction: direction.optional(),
  format: format.optional(),
  minimumEffect: minimumEffect.optional(),
  margin: margin.optional(),
  absoluteMargin: absoluteMargin.optional(),
});
type MetricUpdate = z.output<typeof metricUpdate>;

/**
 * Experiments that have started keep what they started with, those of an older release too: their plan is frozen here,
 * before the change.
 */
export const updateMetric = defineCommand({
  name: "metric.update",
  describe: "Writes a metric's next revision; what is not named stays.",
  input: metricUpdate,
  output: z.object({
    key: z.string(),
    revision: z.number(),
    sentence: z.string(),
    /** Running experiments that keep what they started with. */
    running: z.number(),
  }),
  action: "metric.update",
  async apply(change, input) {
    const where = { projectId_key: { projectId: change.project.id, key: input.metric } };
    const found = await change.tx.metric.findUnique({ where });
    if (!found) throw notFound("metric", input.metric);
    const { id, key, revision } = found;
    const next = nextRow(found, input);
    const changes = describeMetricChange(describeMetric(found), describeMetric(next));
    const reading = { metrics: { some: { metricId: id } } };
    const running = await change.tx.experiment.count({ where: { status: "running", ...reading } });
    if (revision !== input.expectedRevision) throw conflict(revision);
    const problems = checkMargin(describeMetric(next));
    // What was saved before such margins were refused may be edited otherwise.
    if (problems.length > 0 && checkMargin(describeMetric(found)).length === 0) throw invalid(problems);
    if (changes === "") return { output: { key, revision, sentence: "Nothing changed.", running }, inverse: [] };
    await freezeStarted(change.tx, reading);
    await write(change, next);
    const sentence = `Changed: ${changes}.${keeping(running)}`;
    change.audit({ object: "metric", objectKey: key, sentence, detail: { revision: revision + 1 } });
    const undo = { project: input.project, metric: key, expectedRevision: revision + 1, ...partsOf(found) };
    return {
      output: { key, revision: revision + 1, sentence, running },
      inverse: [{ name: "metric.update", input: undo }],
    };
  },
});

/** All that an update may change, as it was. */
function partsOf(found: Model.Metric) {
  const { name, description, direction, minimumEffect, margin, absoluteMargin } = found;
  const { definition, format } = describeMetric(found);
  return { name, description, definition, direction, format, minimumEffect, margin, absoluteMargin };
}

/** The row as it would be; of the revision that it is based on. */
function nextRow(found: Model.Metric, input: MetricUpdate) {
  const { definition, format, minimumEffect, margin, absoluteMargin } = input;
  const { id, key, revision } = found;
  return {
    ...{ id, key, revision, definition: found.definition, eventName: found.eventName, format: found.format },
    name: input.name ?? found.name,
    description: input.description ?? found.description,
    direction: input.direction ?? found.direction,
    ...(definition ? storedDefinition(definition) : {}),
    ...(format ? { format } : {}),
    minimumEffect: minimumEffect === undefined ? found.minimumEffect : minimumEffect,
    margin: margin ?? found.margin,
    absoluteMargin: absoluteMargin === undefined ? found.absoluteMargin : absoluteMargin,
  };
}

async function write({ tx }: Change, next: ReturnType<typeof nextRow>): Promise<void> {
  const { id, revision, name, description, direction, eventName } = next;
  const { minimumEffect, margin, absoluteMargin, definition, format } = next;
  const claimed = await tx.metric.updateMany({
    where: { id, revision },
    data: {
      ...{ name, description, direction, eventName, minimumEffect, margin, absoluteMargin },
      revision: revision + 1,
      ...(definition === null ? {} : { definition }),
      ...(format === null ? {} : { format }),
    },
  });
  if (claimed.count === 0) throw conflict(revision + 1);
}

function conflict(revision: number): ControlError {
  const message = "Somebody changed this metric meanwhile. Look at the newer one, then save yours on top of it.";
  return new ControlError("CONFLICT", message, { revision });
}
