import { metricDefinitionSchema } from "@telltale/configuration";
import { absoluteMargin, direction, format, margin, minimumEffect } from "@telltale/control";
import { z } from "zod";
import { kind } from "./shapes.ts";

/** A metric as it is answered. */
export const metricShape = z.object({
  key: z.string(),
  name: z.string(),
  description: z.string(),
  kind,
  definition: metricDefinitionSchema,
  /** The definition in words. */
  sentence: z.string(),
  /** Name of the first track event that it reads. */
  eventName: z.string(),
  direction,
  format,
  minimumEffect,
  margin,
  absoluteMargin,
  revision: z.number(),
});
