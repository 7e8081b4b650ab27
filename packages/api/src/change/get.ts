import { changeDetail, getChange, inChange } from "@telltale/control";
import { projectProcedure } from "../trpc.ts";

/** A change-set with all that was said of it. */
export const get = projectProcedure
  .input(inChange)
  .output(changeDetail)
  .query(({ ctx, input }) => getChange(ctx.database, ctx.actor, input));
