import { stopExperiment } from "@telltale/control";
import { procedure } from "../../trpc.ts";
import { experimentChange, experimentRevised } from "../shapes.ts";

/** Stops an experiment. */
export const stop = procedure
  .input(experimentChange)
  .output(experimentRevised)
  .mutation(({ ctx, input }) => stopExperiment(ctx.database, ctx.actor, input));
