import { getProject, inProject } from "@telltale/control";
import { z } from "zod";
import { procedure } from "../trpc.ts";

/** When each flag of a project was last asked for, by environment; a flag that is not there never was. */
export const lastSeen = procedure
  .input(inProject)
  .output(z.array(z.object({ flag: z.string(), environment: z.string(), at: z.string() })))
  .query(async ({ ctx, input }) => {
    await getProject(ctx.database, ctx.actor, input);
    return ctx.events.lastSeen(input);
  });
