import { getRelease, inRelease, releaseDetail } from "@telltale/control";
import { projectProcedure } from "../trpc.ts";

/** A release: what it does, where it is, what it waits for, and its log. */
export const get = projectProcedure
  .input(inRelease)
  .output(releaseDetail)
  .query(({ ctx, input }) => getRelease(ctx.database, ctx.actor, input));
