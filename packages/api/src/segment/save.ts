import { keySchema, saveSegment, segmentSchema } from "@telltale/control";
import { z } from "zod";
import { description, inProject, name, revision } from "../shapes.ts";
import { projectProcedure } from "../trpc.ts";

/** Creates a segment (`expectedRevision: null`) or writes its next revision. */
export const save = projectProcedure
  .input(
    inProject.extend({
      key: keySchema,
      name,
      description: description.optional(),
      definition: segmentSchema,
      expectedRevision: revision.nullable(),
    }),
  )
  .output(z.object({ key: z.string(), revision: z.number(), sentence: z.string() }))
  .mutation(({ ctx, input }) => saveSegment(ctx.database, ctx.actor, input));
