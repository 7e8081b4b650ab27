import { applyToMetric, keySchema, metricInstructionsSchema } from "@telltale/configuration";
import { z } from "zod";
import { defineCommand } from "../door/command.ts";
import { notFound } from "../door/error.ts";
import { inProject, revision } from "../shapes.ts";
import { findMetric, readRevision, reviseMetric, type SavedMetric } from "./revise.ts";

const inMetric = inProject.extend({ metric: keySchema });
const saved: z.ZodType<SavedMetric> = z.object({
  key: z.string(),
  revision: z.number(),
  sentence: z.string(),
  running: z.number(),
  onTopOf: z.number().optional(),
});

export const updateMetric = defineCommand({
  name: "metric.update",
  describe: "Follows instructions on a metric's fields; what they do not name stays.",
  input: inMetric.extend({ instructions: metricInstructionsSchema, expectedRevision: revision.optional() }),
  output: saved,
  action: "metric.update",
  async apply(change, input) {
    const found = await findMetric(change, input.metric);
    if (!found) throw notFound("metric", input.metric);
    return reviseMetric(change, found, { ...input, next: (seen) => applyToMetric(seen, input.instructions) });
  },
});

export const revertMetric = defineCommand({
  name: "metric.revert",
  describe: "Restores an earlier revision of a metric as a new one.",
  input: inMetric.extend({ toRevision: revision, expectedRevision: revision }),
  output: saved,
  action: "metric.update",
  async apply(change, input) {
    const { toRevision } = input;
    const found = await findMetric(change, input.metric);
    if (!found) throw notFound("metric", input.metric);
    const target = await readRevision(change, found, toRevision);
    if (!target) throw notFound("revision", String(toRevision));
    return reviseMetric(change, found, {
      ...input,
      prefix: `Reverted to revision ${toRevision}: `,
      next: () => target,
    });
  },
});
