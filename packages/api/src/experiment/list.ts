import { armsSchema, listExperiments } from "@telltale/control";
import { z } from "zod";
import { inProject } from "../shapes.ts";
import { procedure } from "../trpc.ts";

const experiment = z.object({
  key: z.string(),
  name: z.string(),
  status: z.enum(["draft", "running", "ended"]),
  flag: z.string(),
  environment: z.string(),
  startedAt: z.date().nullable(),
  endedAt: z.date().nullable(),
  people: z.number(),
  verdict: z.string().nullable(),
  arms: armsSchema,
});

/** All experiments of a project, running ones first. */
export const list = procedure
  .input(inProject)
  .output(z.array(experiment))
  .query(({ ctx, input }) => listExperiments(ctx.database, ctx.actor, input));
