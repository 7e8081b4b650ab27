import { z } from "zod";
import { metricDefinitionSchema } from "./metric-definition.ts";
import { statisticalSettingsSchema } from "./settings.ts";

/** How a metric's values are written: `unit` is a currency's or a measure's name ("EUR", "ms"), empty for none. */
export const metricFormatSchema = z.object({
  style: z.enum(["number", "percent", "currency", "duration"]),
  unit: z.string().max(20),
});

/** A metric as an experiment reads it. */
export const plannedMetricSchema = z.object({
  key: z.string(),
  name: z.string(),
  role: z.enum(["primary", "secondary", "guardrail"]),
  /** Which way is good. */
  direction: z.enum(["increase", "decrease"]),
  format: metricFormatSchema,
  definition: metricDefinitionSchema,
  /** Smallest lift that matters, a fraction > 0; null where none was set. */
  minimumEffect: z.number().gt(0).nullable(),
  /** Harm that a guardrail bears, a fraction of the control's mean; 0 bears none. */
  margin: z.number().min(0),
});

/** The rule fixed before launch: all that decides what moments mean. Kept with every snapshot. */
export const analysisPlanSchema = z.object({
  /** Control first; parts of 100,000. */
  arms: z.array(z.object({ variant: z.string(), parts: z.number() })).min(2),
  /** The attribute that units are. */
  unit: z.string(),
  metrics: z.array(plannedMetricSchema),
  settings: statisticalSettingsSchema,
  /** Units over all arms that the experiment is planned for; null without a plan. */
  plannedUnits: z.int().min(2).nullable(),
});

export type MetricFormat = z.infer<typeof metricFormatSchema>;
export type PlannedMetric = z.infer<typeof plannedMetricSchema>;
export type AnalysisPlan = z.infer<typeof analysisPlanSchema>;
