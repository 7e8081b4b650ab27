import { configureFlag } from "@telltale/control";
import { configuration, flagChange, revised } from "../shapes.ts";
import { projectProcedure } from "../trpc.ts";

/** Replaces a flag's rules, rollout and targets in an environment. */
export const configure = projectProcedure
  .input(flagChange.extend({ config: configuration }))
  .output(revised)
  .mutation(({ ctx, input }) => configureFlag(ctx.database, ctx.actor, input));
