import type { MetricFormat, metricDefinitionSchema } from "@telltale/analysis";
import type { Database, Model } from "@telltale/db";
import type { z } from "zod";
import type { Actor } from "../door/actor.ts";
import { type Change, commit } from "../door/commit.ts";
import { ControlError, notFound } from "../door/error.ts";
import { freezeStarted, keeping } from "../experiments/plan.ts";
import { readMetricParts, storedDefinition } from "./create.ts";
import { describeMetric } from "./read.ts";
import { describeMetricChange } from "./sentence.ts";

/** What is to change; what is not named stays. */
export interface MetricUpdate {
  project: string;
  metric: string;
  /** The revision the caller has seen; a newer one answers CONFLICT and nothing is lost. */
  expectedRevision: number;
  name?: string | undefined;
  description?: string | undefined;
  definition?: z.input<typeof metricDefinitionSchema> | undefined;
  direction?: "increase" | "decrease" | undefined;
  format?: MetricFormat | undefined;
  minimumEffect?: number | null | undefined;
  margin?: number | undefined;
  absoluteMargin?: number | null | undefined;
}

export interface UpdatedMetric {
  key: string;
  revision: number;
  sentence: string;
  /** Running experiments that go on as they started. */
  running: number;
}

/**
 * Writes a metric's next revision. Experiments that have started keep what they started with, those of an older release
 * too: their plan is frozen here, before the change.
 * @throws ControlError FORBIDDEN, NOT_FOUND, INVALID, CONFLICT
 */
export function updateMetric(database: Database, actor: Actor, input: MetricUpdate): Promise<UpdatedMetric> {
  return commit(database, actor, input.project, async (change) => {
    const where = { projectId_key: { projectId: change.project.id, key: input.metric } };
    const found = await change.tx.metric.findUnique({ where });
    if (!found) throw notFound("metric", input.metric);
    const { id, key, revision } = found;
    const next = nextRow(found, input);
    const changes = describeMetricChange(describeMetric(found), describeMetric(next));
    const reading = { metrics: { some: { metricId: id } } };
    const running = await change.tx.experiment.count({ where: { status: "running", ...reading } });
    if (revision !== input.expectedRevision) throw conflict(revision);
    if (changes === "") return { key, revision, sentence: "Nothing changed.", running };
    await freezeStarted(change.tx, reading);
    await write(change, next);
    const sentence = `Changed: ${changes}.${keeping(running)}`;
    change.audit({ object: "metric", objectKey: key, action: "change", sentence, detail: { revision: revision + 1 } });
    return { key, revision: revision + 1, sentence, running };
  });
}

/** The row as it would be; of the revision that it is based on. */
function nextRow(found: Model.Metric, input: MetricUpdate) {
  const { definition, format, minimumEffect, margin, absoluteMargin } = readMetricParts(input);
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
