import { getProject, inProject } from "@telltale/control";
import { z } from "zod";
import { procedure } from "../trpc.ts";

const environment = z.object({
  key: z.string(),
  name: z.string(),
  critical: z.boolean(),
  position: z.number(),
  version: z.number(),
});

/** A project with its environments, left to right. */
export const get = procedure
  .input(inProject)
  .output(z.object({ key: z.string(), name: z.string(), environments: z.array(environment) }))
  .query(({ ctx, input }) => getProject(ctx.database, ctx.actor, input));
