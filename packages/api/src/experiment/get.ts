import { analysisSchema, armsSchema, getExperiment } from "@telltale/control";
import { z } from "zod";
import { inProject } from "../shapes.ts";
import { procedure } from "../trpc.ts";

const metric = z.object({
  key: z.string(),
  name: z.string(),
  direction: z.enum(["increase", "decrease"]),
  eventName: z.string(),
  role: z.enum(["primary", "secondary", "guardrail"]),
});

const snapshot = analysisSchema.extend({
  id: z.string(),
  createdAt: z.date(),
  dataTo: z.date(),
  engine: z.string(),
});

/** One experiment with its newest snapshot. Pages read snapshots only. */
export const get = procedure
  .input(inProject.extend({ experiment: z.string() }))
  .output(
    z.object({
      key: z.string(),
      name: z.string(),
      hypothesis: z.string(),
      status: z.enum(["draft", "running", "ended"]),
      revision: z.number(),
      unit: z.string(),
      share: z.number(),
      startedAt: z.date().nullable(),
      endedAt: z.date().nullable(),
      flag: z.string(),
      environment: z.string(),
      arms: armsSchema,
      metrics: z.array(metric),
      snapshot: snapshot.nullable(),
    }),
  )
  .query(({ ctx, input }) => getExperiment(ctx.database, ctx.actor, input));
