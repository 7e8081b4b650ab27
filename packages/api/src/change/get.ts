import { changeDetail, getChange, inChange } from "@telltale/control";
import { procedure } from "../trpc.ts";

/** A change-set with all that was said of it. */
export const get = procedure
  .input(inChange)
  .output(changeDetail)
  .query(({ ctx, input }) => getChange(ctx.database, ctx.actor, input));
