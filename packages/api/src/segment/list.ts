import { inProject, listSegments } from "@telltale/control";
import { z } from "zod";
import { projectProcedure } from "../trpc.ts";

const segment = z.object({
  key: z.string(),
  name: z.string(),
  description: z.string(),
  revision: z.number(),
  included: z.number(),
  excluded: z.number(),
  rules: z.number(),
  usedBy: z.array(z.string()),
});

/** Segments with their sizes and the flags that use them. */
export const list = projectProcedure
  .input(inProject)
  .output(z.array(segment))
  .query(({ ctx, input }) => listSegments(ctx.database, ctx.actor, input));
