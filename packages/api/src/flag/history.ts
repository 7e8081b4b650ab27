import { configurationSchema } from "@telltale/configuration";
import { flagHistory, inFlag } from "@telltale/control";
import { z } from "zod";
import { projectProcedure } from "../trpc.ts";

const revision = z.object({
  environment: z.string(),
  revision: z.number(),
  sentence: z.string(),
  comment: z.string(),
  actorName: z.string(),
  at: z.date(),
  config: configurationSchema,
});

/** Revisions of a flag, newest first. */
export const history = projectProcedure
  .input(inFlag.extend({ environment: z.string().optional() }))
  .output(z.array(revision))
  .query(({ ctx, input }) => flagHistory(ctx.database, ctx.actor, input));
