import { getRequest, inExperiment } from "@telltale/control";
import { projectProcedure } from "../trpc.ts";
import { requestShape as shape, snapshotId } from "./shapes.ts";

/** The outcome of a request for a run. */
export const request = projectProcedure
  .input(inExperiment.extend({ request: snapshotId }))
  .output(shape)
  .query(({ ctx, input }) => getRequest(ctx.database, ctx.actor, input));
