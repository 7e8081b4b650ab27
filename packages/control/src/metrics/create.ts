import { checkMargin, describeDefinition, keySchema, metricSchema } from "@telltale/configuration";
import { newId } from "@telltale/db";
import { defineCommand } from "../door/command.ts";
import { ControlError, invalid } from "../door/error.ts";
import { inProject, onlyKey } from "../shapes.ts";
import { metricColumns } from "./definition.ts";
import { recordMetricRevision } from "./revise.ts";

const { name, description, definition, direction, format, minimumEffect, margin, absoluteMargin } = metricSchema.shape;

const newMetric = inProject.extend({
  key: keySchema,
  name,
  description: description.optional(),
  definition,
  direction: direction.optional(),
  /** How values are written; unless given, shares in per cent and everything else as plain numbers. */
  format: format.optional(),
  minimumEffect: minimumEffect.optional(),
  margin: margin.optional(),
  absoluteMargin: absoluteMargin.optional(),
});

export const createMetric = defineCommand({
  name: "metric.create",
  describe: "Adds a metric.",
  input: newMetric,
  output: onlyKey,
  action: "metric.create",
  isReversible: false,
  async apply(change, input) {
    const { key, name, description = "", definition, direction = "increase", format = null } = input;
    const { minimumEffect = null, margin = 0, absoluteMargin = null } = input;
    const where = { projectId_key: { projectId: change.project.id, key } };
    if (await change.tx.metric.findUnique({ where })) {
      throw new ControlError("EXISTS", `There is a metric "${key}" already. Choose another key.`);
    }
    const metric = { name, description, definition, direction, format, minimumEffect, margin, absoluteMargin };
    const problems = checkMargin(metric);
    if (problems.length > 0) throw invalid(problems);
    const id = newId();
    await change.tx.metric.create({ data: { ...metricColumns(metric), id, projectId: change.project.id, key } });
    const sentence = `Created: ${describeDefinition(definition)}.`;
    await recordMetricRevision(change, { id, revision: 1, metric, sentence });
    change.audit({ object: "metric", objectKey: key, sentence });
    return { output: { key } };
  },
});
