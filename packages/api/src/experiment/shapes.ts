import { keySchema } from "@telltale/control";
import { z } from "zod";
import { absoluteMargin, margin, minimumEffect, role } from "../metric/shapes.ts";
import { inProject, revision } from "../shapes.ts";

/** Shapes that several procedures of experiments speak. */
export const inExperiment = inProject.extend({ experiment: keySchema });
export const experimentChange = inExperiment.extend({ expectedRevision: revision });
export const experimentRevised = z.object({ key: z.string(), revision: z.number() });
export const plannedUnits = z
  .int()
  .min(2, "An experiment needs at least two units.")
  .max(10 ** 9)
  .nullable();
export const snapshotId = z.string().min(1).max(64);

/** Metrics in their order; `minimumEffect` and the margins count in place of the metric's own. */
export const chosenMetrics = z
  .array(
    z.object({
      key: keySchema,
      role,
      minimumEffect: minimumEffect.optional(),
      margin: margin.nullable().optional(),
      absoluteMargin: absoluteMargin.optional(),
    }),
  )
  .min(1, "Choose a primary metric.")
  .max(20);

export const request = z.object({
  id: z.string(),
  breakdown: z.string().nullable(),
  requestedBy: z.string(),
  createdAt: z.date(),
  startedAt: z.date().nullable(),
  finishedAt: z.date().nullable(),
  /** The snapshot that answers it. */
  snapshot: z.string().nullable(),
  /** Why there is none. */
  problem: z.string().nullable(),
});

/** How the analysis goes. */
export const state = z.object({
  lastRunAt: z.date().nullable(),
  /** The newest data that a run has seen. */
  dataTo: z.date().nullable(),
  seconds: z.number(),
  /** Runs take so long that they come less often. */
  isSlow: z.boolean(),
  /** Why the last run failed. */
  problem: z.string().nullable(),
  failures: z.number(),
  newsCheckedAt: z.date().nullable(),
  /** Open ones, oldest first. */
  requests: z.array(request),
});
