import {
  analysisSchema,
  plannedMetricSchema,
  settingsOverrideSchema,
  statisticalSettingsSchema,
} from "@telltale/analysis";
import { metricSchema } from "@telltale/configuration";
import { armsSchema, getExperiment, inProject, plannedUnits } from "@telltale/control";
import { z } from "zod";
import { kind, status } from "../metric/shapes.ts";
import { projectProcedure } from "../trpc.ts";
import { state } from "./shapes.ts";

const { minimumEffect, margin, absoluteMargin } = metricSchema.shape;
const metric = plannedMetricSchema.extend({
  kind,
  /** Name of the first track event that it reads. */
  eventName: z.string(),
  /** What the experiment sets in place of the metric's. */
  own: z.object({ minimumEffect, margin: margin.nullable(), absoluteMargin }),
});

const snapshot = analysisSchema.extend({
  id: z.string(),
  createdAt: z.date(),
  dataTo: z.date(),
  engine: z.string(),
});

/** One experiment with its newest snapshot. Pages read snapshots only. */
export const get = projectProcedure
  .input(inProject.extend({ experiment: z.string() }))
  .output(
    z.object({
      key: z.string(),
      name: z.string(),
      hypothesis: z.string(),
      status,
      revision: z.number(),
      unit: z.string(),
      share: z.number(),
      startedAt: z.date().nullable(),
      endedAt: z.date().nullable(),
      flag: z.string(),
      environment: z.string(),
      arms: armsSchema,
      /** As it started with them, or as they are before that. */
      metrics: z.array(metric),
      settings: statisticalSettingsSchema,
      /** What it sets in place of its organisation's settings. */
      ownSettings: settingsOverrideSchema,
      plannedUnits,
      /** Whether metrics and settings are those it started with. */
      isFrozen: z.boolean(),
      /** Names of metrics that were edited since. */
      editedSince: z.array(z.string()),
      /** What people who are in it get once it stops, in words; null when it does not run. */
      afterStop: z.string().nullable(),
      /** Changes of its flag while it ran that assigned otherwise or nobody, oldest first. */
      flagChanges: z.array(z.object({ sentence: z.string(), at: z.date() })),
      state,
      snapshot: snapshot.nullable(),
    }),
  )
  .query(({ ctx, input }) => getExperiment(ctx.database, ctx.actor, input));
