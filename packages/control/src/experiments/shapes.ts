import { plannedMetricSchema } from "@telltale/analysis";
import { keySchema, metricSchema } from "@telltale/configuration";
import { z } from "zod";
import { experimentChange } from "../shapes.ts";

export const { role } = plannedMetricSchema.shape;
const { absoluteMargin, margin, minimumEffect } = metricSchema.shape;

/** Units over all arms that an experiment is planned for; the methods `group` and `fixed` need it. */
export const plannedUnits = z
  .int()
  .min(2, "An experiment needs at least two units.")
  .max(10 ** 9)
  .nullable();

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

/** A moment of an experiment's life; `at` is for experiments brought in from elsewhere, and only the system may set it. */
export const experimentMoment = experimentChange.extend({ at: z.iso.datetime({ offset: true }).optional() });
