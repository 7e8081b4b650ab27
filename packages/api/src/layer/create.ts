import { createLayer, keySchema } from "@telltale/control";
import { inProject, name, onlyKey, unit } from "../shapes.ts";
import { projectProcedure } from "../trpc.ts";

/** Adds a layer: experiments in it never meet the same unit. */
export const create = projectProcedure
  .input(inProject.extend({ key: keySchema, name, unit }))
  .output(onlyKey)
  .mutation(({ ctx, input }) => createLayer(ctx.database, ctx.actor, input));
