import { keySchema } from "@telltale/configuration";
import { inProject, metricHistory } from "@telltale/control";
import { z } from "zod";
import { projectProcedure } from "../trpc.ts";
import { metricFields } from "./metric.ts";

const revision = metricFields.extend({
  revision: z.number(),
  sentence: z.string(),
  actorName: z.string(),
  at: z.date(),
});

/** Revisions of a metric, newest first. A format of null: as values of its kind are written. */
export const history = projectProcedure
  .input(inProject.extend({ metric: keySchema }))
  .output(z.array(revision))
  .query(({ ctx, input }) => metricHistory(ctx.database, ctx.actor, input));
