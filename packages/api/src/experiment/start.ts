import { keySchema, startExperiment } from "@telltale/control";
import { z } from "zod";
import { inProject } from "../shapes.ts";
import { procedure } from "../trpc.ts";

/** Starts an experiment. */
export const start = procedure
  .input(inProject.extend({ experiment: keySchema, expectedRevision: z.int().min(1) }))
  .output(z.object({ key: z.string(), revision: z.number() }))
  .mutation(({ ctx, input }) => startExperiment(ctx.database, ctx.actor, input));
