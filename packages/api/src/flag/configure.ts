import { configureFlag } from "@telltale/control";
import { configuration, flagChange, revised } from "../shapes.ts";
import { procedure } from "../trpc.ts";

/** Replaces a flag's rules, rollout and targets in an environment. */
export const configure = procedure
  .input(flagChange.extend({ config: configuration }))
  .output(revised)
  .mutation(({ ctx, input }) => configureFlag(ctx.database, ctx.actor, input));
