import { startExperiment } from "@telltale/control";
import { procedure } from "../trpc.ts";
import { experimentChange, experimentRevised } from "./shapes.ts";

/** Starts an experiment; its analysis plan is frozen. */
export const start = procedure
  .input(experimentChange)
  .output(experimentRevised)
  .mutation(({ ctx, input }) => startExperiment(ctx.database, ctx.actor, input));
