import { metricDefinitionSchema, metricFormatSchema } from "@telltale/configuration";
import { z } from "zod";
import { statisticalSettingsSchema } from "./settings.ts";

/**
 * What units' values were like before the start, asked of the event store when the plan was frozen: units that were
 * active in the environment, after the cap. It says from how many units on a normal approximation holds.
 */
export const metricHistorySchema = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  units: z.int().min(0),
  /** Mean over units; for ratios, numerator over denominator. */
  value: z.number(),
  /** Variance of one unit's value, for ratios of `y - ratio * x` by the mean of x squared. */
  unitVariance: z.number().min(0),
  /** Mean of |deviation|^3 by the standard deviation to the third: at least the skewness' size. */
  skewness: z.number().min(0),
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
  /** Harm that a guardrail tolerates, a fraction of the control's mean; 0 tolerates none. */
  margin: z.number().min(0),
  /** Harm that it tolerates in the metric's own unit, in place of `margin`: for a control's mean near 0. */
  absoluteMargin: z.number().gt(0).nullable().default(null),
  /** Null where nothing was known, or the kind needs no history (shares, quantiles). */
  history: metricHistorySchema.nullable().default(null),
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
  /**
   * What "Ship" needs of a guardrail that has a margin: `shown` to do less harm than the margin, or only no `proven_harm`
   * (plans that were frozen before guardrails had to be shown).
   */
  guardrails: z.enum(["shown", "proven_harm"]).default("shown"),
});

export type MetricHistory = z.infer<typeof metricHistorySchema>;
export type PlannedMetric = z.infer<typeof plannedMetricSchema>;
export type AnalysisPlan = z.infer<typeof analysisPlanSchema>;
