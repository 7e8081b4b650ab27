import { describeDefinition, keySchema, type MetricDefinition } from "@telltale/configuration";
import { newId } from "@telltale/db";
import { defineCommand } from "../door/command.ts";
import { ControlError, invalid } from "../door/error.ts";
import { description, inProject, name, onlyKey } from "../shapes.ts";
import { firstEvent } from "./definition.ts";
import { absoluteMargin, checkMargin, definition, direction, format, margin, minimumEffect } from "./shapes.ts";

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
    const { key, name, description = "", direction = "increase", definition, format } = input;
    const where = { projectId_key: { projectId: change.project.id, key } };
    if (await change.tx.metric.findUnique({ where })) {
      throw new ControlError("EXISTS", `There is a metric "${key}" already. Choose another key.`);
    }
    const { margin = 0, absoluteMargin = null } = input;
    const problems = checkMargin({ definition, direction, margin, absoluteMargin });
    if (problems.length > 0) throw invalid(problems);
    await change.tx.metric.create({
      data: {
        ...{ id: newId(), projectId: change.project.id, key, name, description, direction },
        ...storedDefinition(definition),
        ...(format ? { format } : {}),
        minimumEffect: input.minimumEffect ?? null,
        ...{ margin, absoluteMargin },
      },
    });
    const sentence = `Created: ${describeDefinition(definition)}.`;
    change.audit({ object: "metric", objectKey: key, sentence });
    return { output: { key } };
  },
});

/** A definition as it is stored, with what the release before reads of it. */
export function storedDefinition(definition: MetricDefinition) {
  return {
    definition: definition,
    kind: "conversion" as const,
    eventName: firstEvent(definition),
  };
}
