import { createHoldout, keySchema } from "@telltale/control";
import { z } from "zod";
import { inProject, name, onlyKey, unit } from "../shapes.ts";
import { projectProcedure } from "../trpc.ts";

/** Begins a holdout: a share of the units meets no experiment that starts from now on. */
export const create = projectProcedure
  .input(
    inProject.extend({
      key: keySchema,
      name,
      unit,
      parts: z.int().min(1).max(20_000, "A holdout takes at most 20 %: experiments need the others."),
    }),
  )
  .output(onlyKey)
  .mutation(({ ctx, input }) => createHoldout(ctx.database, ctx.actor, input));
