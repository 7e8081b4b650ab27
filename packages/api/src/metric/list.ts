import { inProject, listMetrics } from "@telltale/control";
import { z } from "zod";
import { projectProcedure } from "../trpc.ts";
import { metricShape } from "./metric.ts";

/** All metrics of a project, with how many experiments read each. */
export const list = projectProcedure
  .input(inProject)
  .output(z.array(metricShape.extend({ experiments: z.number() })))
  .query(({ ctx, input }) => listMetrics(ctx.database, ctx.actor, input));
