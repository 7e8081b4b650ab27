import { describeProject, inProject } from "@telltale/control";
import { z } from "zod";
import { projectProcedure } from "../trpc.ts";

const environment = z.object({
  key: z.string(),
  name: z.string(),
  critical: z.boolean(),
  position: z.number(),
  version: z.number(),
});

/** A project with its environments, left to right. */
export const get = projectProcedure
  .input(inProject)
  .output(z.object({ address: z.string(), key: z.string(), name: z.string(), environments: z.array(environment) }))
  .query(({ ctx }) => describeProject(ctx.project));
