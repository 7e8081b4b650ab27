import { metricFormatSchema, metricSchema } from "@telltale/configuration";
import { z } from "zod";
import { kind } from "./shapes.ts";

/** What of a metric people change, as it is answered. */
export const metricFields = metricSchema.extend({ name: z.string(), description: z.string() });

/** A metric as it is answered. */
export const metricShape = metricFields.extend({
  key: z.string(),
  kind,
  /** The definition in words. */
  sentence: z.string(),
  /** Name of the first track event that it reads. */
  eventName: z.string(),
  format: metricFormatSchema,
  revision: z.number(),
});
