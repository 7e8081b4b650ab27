import { inProject } from "@telltale/control";
import { z } from "zod";
import { projectProcedure } from "../trpc.ts";

/** When each flag of a project was last asked for, by environment; a flag that is not there never was. */
export const lastSeen = projectProcedure
  .input(inProject)
  .output(z.array(z.object({ flag: z.string(), environment: z.string(), at: z.string() })))
  .query(({ ctx }) => ctx.events.lastSeen({ project: ctx.project.key }));
