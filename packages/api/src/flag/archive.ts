import { archiveFlag } from "@telltale/control";
import { inFlag, onlyKey } from "../shapes.ts";
import { procedure } from "../trpc.ts";

/** Archives a flag in all environments. */
export const archive = procedure
  .input(inFlag)
  .output(onlyKey)
  .mutation(({ ctx, input }) => archiveFlag(ctx.database, ctx.actor, input));
