import { flagType, inProject, listFlags, visibility } from "@telltale/control";
import { z } from "zod";
import { projectProcedure } from "../trpc.ts";

const state = z.object({
  on: z.boolean(),
  revision: z.number(),
  /** What it serves while on and while off, in words: what is now, and what a switch would make of it. */
  whenOn: z.string(),
  whenOff: z.string(),
  /** Key of an experiment that runs on it. */
  experiment: z.string().optional(),
});

const flag = z.object({
  key: z.string(),
  name: z.string(),
  type: flagType,
  description: z.string(),
  visibility,
  variants: z.array(z.string()),
  createdAt: z.date(),
  archivedAt: z.date().nullable(),
  environments: z.record(z.string(), state),
  lastChange: z
    .object({ sentence: z.string(), actorName: z.string(), at: z.date(), environment: z.string().nullable() })
    .nullable(),
});

/** All flags of a project with their state in each environment. */
export const list = projectProcedure
  .input(inProject.extend({ archived: z.boolean().optional() }))
  .output(z.array(flag))
  .query(({ ctx, input }) => listFlags(ctx.database, ctx.actor, input));
