import { archiveFlag } from "@telltale/control";
import { inFlag, onlyKey } from "../shapes.ts";
import { projectProcedure } from "../trpc.ts";

/** Archives a flag in all environments. */
export const archive = projectProcedure
  .input(inFlag)
  .output(onlyKey)
  .mutation(({ ctx, input }) => archiveFlag(ctx.database, ctx.actor, input));
