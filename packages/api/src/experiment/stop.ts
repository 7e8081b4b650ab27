import { keySchema, stopExperiment } from "@telltale/control";
import { z } from "zod";
import { inProject } from "../shapes.ts";
import { procedure } from "../trpc.ts";

/** Stops an experiment. */
export const stop = procedure
  .input(inProject.extend({ experiment: keySchema, expectedRevision: z.int().min(1) }))
  .output(z.object({ key: z.string(), revision: z.number() }))
  .mutation(({ ctx, input }) => stopExperiment(ctx.database, ctx.actor, input));
