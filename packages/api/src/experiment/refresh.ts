import { inExperiment, requestAnalysis } from "@telltale/control";
import { z } from "zod";
import { projectProcedure } from "../trpc.ts";

/** Asks for a run now, of the whole or by an attribute's values. Whoever may read may ask. */
export const refresh = projectProcedure
  .input(inExperiment.extend({ breakdown: z.string().max(100).nullable().optional() }))
  .output(z.object({ request: z.string() }))
  .mutation(({ ctx, input }) => requestAnalysis(ctx.database, ctx.actor, input));
