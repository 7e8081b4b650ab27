import { inProject } from "@telltale/control";
import { z } from "zod";
import { projectProcedure } from "../trpc.ts";

/** When each flag of a project was last evaluated, by environment; a flag without an entry never was. */
export const lastSeen = projectProcedure
  .input(inProject)
  .output(z.array(z.object({ flag: z.string(), environment: z.string(), at: z.string() })))
  .query(async ({ ctx }) => {
    const keys = new Map(ctx.project.environments.map(({ id, key }) => [id, key]));
    const seen = await ctx.events.lastSeen({ environmentIds: [...keys.keys()] });
    return seen.map(({ flag, environmentId, at }) => ({ flag, environment: keys.get(environmentId) ?? "", at }));
  });
