import { switchFlag } from "@telltale/control";
import { z } from "zod";
import { flagChange, revised } from "../shapes.ts";
import { projectProcedure } from "../trpc.ts";

/** Turns a flag on or off in an environment. */
export const switchOnOff = projectProcedure
  .input(flagChange.extend({ on: z.boolean() }))
  .output(revised)
  .mutation(({ ctx, input }) => switchFlag(ctx.database, ctx.actor, input));
