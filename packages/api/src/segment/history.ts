import { keySchema, segmentSchema } from "@telltale/configuration";
import { inProject, segmentHistory } from "@telltale/control";
import { z } from "zod";
import { projectProcedure } from "../trpc.ts";

const revision = z.object({
  revision: z.number(),
  sentence: z.string(),
  actorName: z.string(),
  at: z.date(),
  name: z.string(),
  description: z.string(),
  definition: segmentSchema,
});

/** Revisions of a segment, newest first. */
export const history = projectProcedure
  .input(inProject.extend({ key: keySchema }))
  .output(z.array(revision))
  .query(({ ctx, input }) => segmentHistory(ctx.database, ctx.actor, input));
