import { keySchema } from "@telltale/configuration";
import { getMetric, inProject, role } from "@telltale/control";
import { z } from "zod";
import { projectProcedure } from "../trpc.ts";
import { metricShape } from "./metric.ts";
import { status } from "./shapes.ts";

const experiment = z.object({ key: z.string(), name: z.string(), status, role });

/** One metric, with the experiments that read it. */
export const get = projectProcedure
  .input(inProject.extend({ metric: keySchema }))
  .output(metricShape.extend({ experiments: z.array(experiment) }))
  .query(({ ctx, input }) => getMetric(ctx.database, ctx.actor, input));
