import { revertFlag } from "@telltale/control";
import { flagChange, revised, revision } from "../shapes.ts";
import { procedure } from "../trpc.ts";

/** Restores an earlier revision as a new one. */
export const revert = procedure
  .input(flagChange.extend({ toRevision: revision }))
  .output(revised)
  .mutation(({ ctx, input }) => revertFlag(ctx.database, ctx.actor, input));
