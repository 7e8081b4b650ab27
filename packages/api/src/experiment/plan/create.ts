import { settingsOverrideSchema } from "@telltale/analysis";
import { armsSchema, createExperiment, keySchema } from "@telltale/control";
import { z } from "zod";
import { description, inProject, name, onlyKey } from "../../shapes.ts";
import { projectProcedure } from "../../trpc.ts";
import { chosenMetrics, plannedUnits } from "../shapes.ts";

/** Plans an experiment; nothing is served differently until it starts. */
export const create = projectProcedure
  .input(
    inProject.extend({
      key: keySchema,
      name,
      hypothesis: description.optional(),
      flag: keySchema,
      environment: keySchema,
      arms: armsSchema,
      share: z.int().min(1).max(100_000).optional(),
      layer: keySchema.optional(),
      metrics: chosenMetrics,
      settings: settingsOverrideSchema.optional(),
      plannedUnits: plannedUnits.optional(),
    }),
  )
  .output(onlyKey)
  .mutation(({ ctx, input }) => createExperiment(ctx.database, ctx.actor, input));
