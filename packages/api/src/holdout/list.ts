import { inProject, listHoldouts } from "@telltale/control";
import { z } from "zod";
import { projectProcedure } from "../trpc.ts";

const holdout = z.object({
  key: z.string(),
  name: z.string(),
  unit: z.string(),
  parts: z.number(),
  createdAt: z.date(),
  endedAt: z.date().nullable(),
});

/** Holdouts, those that have ended too. */
export const list = projectProcedure
  .input(inProject)
  .output(z.array(holdout))
  .query(({ ctx, input }) => listHoldouts(ctx.database, ctx.actor, input));
