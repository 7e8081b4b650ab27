import { analysisSchema, healthCheckSchema } from "@telltale/analysis";
import { armsSchema, inProject, listExperiments } from "@telltale/control";
import { z } from "zod";
import { status } from "../metric/shapes.ts";
import { projectProcedure } from "../trpc.ts";
import { state } from "./shapes.ts";

const experiment = z.object({
  key: z.string(),
  name: z.string(),
  status,
  flag: z.string(),
  environment: z.string(),
  startedAt: z.date().nullable(),
  endedAt: z.date().nullable(),
  people: z.number(),
  /** Its sentence and its code; null before the first snapshot. */
  verdict: z.string().nullable(),
  code: analysisSchema.shape.verdict.shape.code.nullable(),
  /** Checks of health that wait for data: a verdict to ship is none before they have spoken. */
  pendingChecks: z.array(healthCheckSchema.shape.check),
  arms: armsSchema,
  state,
});

/** All experiments of a project, running ones first. */
export const list = projectProcedure
  .input(inProject)
  .output(z.array(experiment))
  .query(({ ctx, input }) => listExperiments(ctx.database, ctx.actor, input));
