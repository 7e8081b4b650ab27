import { metricDefinitionSchema } from "@telltale/analysis";
import { keySchema, updateMetric } from "@telltale/control";
import { z } from "zod";
import { description, inProject, name, revision } from "../shapes.ts";
import { projectProcedure } from "../trpc.ts";
import { absoluteMargin, direction, format, margin, minimumEffect } from "./shapes.ts";

/** Writes a metric's next revision; what is not named stays. Experiments that have started keep what they started with. */
export const update = projectProcedure
  .input(
    inProject.extend({
      metric: keySchema,
      expectedRevision: revision,
      name: name.optional(),
      description: description.optional(),
      definition: metricDefinitionSchema.optional(),
      direction: direction.optional(),
      format: format.optional(),
      minimumEffect: minimumEffect.optional(),
      margin: margin.optional(),
      absoluteMargin: absoluteMargin.optional(),
    }),
  )
  .output(
    z.object({
      key: z.string(),
      revision: z.number(),
      sentence: z.string(),
      /** Running experiments that keep what they started with. */
      running: z.number(),
    }),
  )
  .mutation(({ ctx, input }) => updateMetric(ctx.database, ctx.actor, input));
