import { stopExperiment } from "@telltale/control";
import { projectProcedure } from "../../trpc.ts";
import { experimentChange, experimentRevised } from "../shapes.ts";

/** Stops an experiment. */
export const stop = projectProcedure
  .input(experimentChange)
  .output(experimentRevised)
  .mutation(({ ctx, input }) => stopExperiment(ctx.database, ctx.actor, input));
