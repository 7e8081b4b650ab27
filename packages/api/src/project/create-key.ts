import { createKey as create } from "@telltale/control";
import { z } from "zod";
import { inProject, name } from "../shapes.ts";
import { projectProcedure } from "../trpc.ts";

/** Creates an SDK key; the answer is the only time it is seen in clear. */
export const createKey = projectProcedure
  .input(
    inProject.extend({
      environment: z.string(),
      name,
      audience: z.enum(["server", "client"]),
      origins: z.array(z.string().max(300)).max(50).optional(),
    }),
  )
  .output(z.object({ id: z.string(), key: z.string() }))
  .mutation(({ ctx, input }) => create(ctx.database, ctx.actor, input));
