import { setVisibility } from "@telltale/control";
import { inFlag, onlyKey, visibility } from "../shapes.ts";
import { projectProcedure } from "../trpc.ts";

/** Says what client keys get of a flag: nothing, its rules, or its answers from the edge. */
export const setFlagVisibility = projectProcedure
  .input(inFlag.extend({ visibility }))
  .output(onlyKey)
  .mutation(({ ctx, input }) => setVisibility(ctx.database, ctx.actor, input));
