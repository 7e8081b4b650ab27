import { askedAction, explainAction } from "@telltale/control";
import { z } from "zod";
import { projectProcedure } from "../trpc.ts";

/** Why the person may not do something in a project or an environment, and who can; null where they may. */
export const explain = projectProcedure
  .input(askedAction)
  .output(z.object({ reason: z.string().nullable() }))
  .query(async ({ ctx, input }) => ({ reason: await explainAction(ctx.database, ctx.actor, input) }));
