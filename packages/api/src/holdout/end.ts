import { endHoldout, keySchema } from "@telltale/control";
import { inProject, onlyKey } from "../shapes.ts";
import { projectProcedure } from "../trpc.ts";

/** Ends a holdout: its units may meet experiments again. */
export const end = projectProcedure
  .input(inProject.extend({ holdout: keySchema }))
  .output(onlyKey)
  .mutation(({ ctx, input }) => endHoldout(ctx.database, ctx.actor, input));
