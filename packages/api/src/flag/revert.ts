import { revertFlag } from "@telltale/control";
import { flagChange, revised, revision } from "../shapes.ts";
import { projectProcedure } from "../trpc.ts";

/** Restores an earlier revision as a new one. */
export const revert = projectProcedure
  .input(flagChange.extend({ toRevision: revision }))
  .output(revised)
  .mutation(({ ctx, input }) => revertFlag(ctx.database, ctx.actor, input));
