import { metricDefinitionSchema } from "@telltale/analysis";
import { createMetric, keySchema } from "@telltale/control";
import { description, inProject, name, onlyKey } from "../shapes.ts";
import { projectProcedure } from "../trpc.ts";
import { absoluteMargin, direction, format, margin, minimumEffect } from "./shapes.ts";

/** Adds a metric. */
export const create = projectProcedure
  .input(
    inProject.extend({
      key: keySchema,
      name,
      description: description.optional(),
      definition: metricDefinitionSchema,
      direction: direction.optional(),
      format: format.optional(),
      minimumEffect: minimumEffect.optional(),
      margin: margin.optional(),
      absoluteMargin: absoluteMargin.optional(),
    }),
  )
  .output(onlyKey)
  .mutation(({ ctx, input }) => createMetric(ctx.database, ctx.actor, input));
