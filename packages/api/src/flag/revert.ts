import { revertFlag } from "@telltale/control";
import { z } from "zod";
import { flagChange, revised } from "../shapes.ts";
import { procedure } from "../trpc.ts";

/** Restores an earlier revision as a new one. */
export const revert = procedure
  .input(flagChange.extend({ toRevision: z.int().min(1) }))
  .output(revised)
  .mutation(({ ctx, input }) => revertFlag(ctx.database, ctx.actor, input));
