import { keySchema, segmentSchema } from "@telltale/configuration";
import { getSegment, inProject } from "@telltale/control";
import { z } from "zod";
import { projectProcedure } from "../trpc.ts";

/** One segment with its definition. */
export const get = projectProcedure
  .input(inProject.extend({ key: keySchema }))
  .output(
    z.object({
      key: z.string(),
      name: z.string(),
      description: z.string(),
      revision: z.number(),
      definition: segmentSchema,
    }),
  )
  .query(({ ctx, input }) => getSegment(ctx.database, ctx.actor, input));
