import { getProject } from "@telltale/control";
import { z } from "zod";
import { inEnvironment } from "../shapes.ts";
import { procedure } from "../trpc.ts";

const windowMs = 7 * 86_400_000;

/** How often a flag answered each variant, by hour, over the last seven days. */
export const usage = procedure
  .input(inEnvironment)
  .output(z.array(z.object({ hour: z.string(), variant: z.string(), count: z.number() })))
  .query(async ({ ctx, input }) => {
    await getProject(ctx.database, ctx.actor, input);
    return ctx.events.evaluationCounts({ ...input, from: new Date(Date.now() - windowMs) });
  });
