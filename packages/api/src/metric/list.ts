import { listMetrics } from "@telltale/control";
import { z } from "zod";
import { inProject } from "../shapes.ts";
import { procedure } from "../trpc.ts";

const metric = z.object({
  key: z.string(),
  name: z.string(),
  description: z.string(),
  kind: z.enum(["conversion"]),
  eventName: z.string(),
  direction: z.enum(["increase", "decrease"]),
});

/** All metrics of a project. */
export const list = procedure
  .input(inProject)
  .output(z.array(metric))
  .query(({ ctx, input }) => listMetrics(ctx.database, ctx.actor, input));
