import { createFlag, keySchema } from "@telltale/control";
import { z } from "zod";
import { description, flagType, inProject, name, onlyKey, variant, visibility } from "../shapes.ts";
import { projectProcedure } from "../trpc.ts";

/** Creates a flag, off in every environment. */
export const create = projectProcedure
  .input(
    inProject.extend({
      key: keySchema,
      name,
      description: description.optional(),
      type: flagType,
      variants: z.array(variant).max(50).optional(),
      visibility: visibility.optional(),
    }),
  )
  .output(onlyKey)
  .mutation(({ ctx, input }) => createFlag(ctx.database, ctx.actor, input));
