import { metricKindSchema } from "@telltale/configuration";
import { VERDICT_CODES } from "@telltale/stats";
import { z } from "zod";
import { plannedMetricSchema } from "../plan/plan.ts";
import { statisticalSettingsSchema } from "../plan/settings.ts";
import { comparisonSchema } from "./comparison.ts";

const known = z.number().nullable();

/** One check of whether the numbers can be trusted. An `alarm` takes the verdict's place; a `warning` is shown beside it. */
export const healthCheckSchema = z.object({
  check: z.enum([
    "split",
    "several_variants",
    "missing_rows",
    "pre_period_difference",
    "no_data",
    "stale_data",
    "settings_changed",
    "power",
  ]),
  state: z.enum(["ok", "warning", "alarm", "pending"]),
  /** What was found, and what to do about it: for people. */
  sentence: z.string(),
  /** The metric it is about, its key. */
  metric: z.string().nullable(),
  /** Its p-value, where it is a test. */
  p: known,
});

const armResult = z.object({
  variant: z.string(),
  /** Units (values, for quantiles of events) that count for this metric. */
  n: z.number(),
  /** Rate, mean, ratio or quantile; CUPED's adjusted one where it was adjusted. */
  value: known,
  /** The value before adjustment; `value` itself where nothing was adjusted. */
  raw: known,
  /** Units that did it; null where the metric is no share of units. */
  converted: known,
  /** Units by funnel step; null for other kinds. */
  reached: z.array(z.number()).nullable(),
  /** Units whose value was cut to the cap; null without a cap. */
  capped: known,
  /** How units spread over values; null where that was not counted. */
  histogram: z.array(z.object({ from: z.number(), to: z.number(), units: z.number() })).nullable(),
});

const asPlanned = plannedMetricSchema.pick({ key: true, name: true, role: true, direction: true, format: true });

/** What is known of a guardrail in one treatment; see `readGuardrail` of the statistics. Null for other roles. */
const guardrailSchema = z
  .object({
    state: z.enum(["broken", "shown", "not_shown", "no_harm", "unknown", "not_received"]),
    /** Harm that it tolerates, in the metric's unit where `isAbsolute`, else a fraction of the control's mean. */
    margin: z.number(),
    isAbsolute: z.boolean(),
  })
  .nullable();

export const metricResultSchema = asPlanned.extend({
  kind: metricKindSchema,
  minimumEffect: known,
  margin: z.number(),
  /** Control first. */
  arms: z.array(armResult),
  /** One for each treatment. */
  comparisons: z.array(z.object({ variant: z.string(), comparison: comparisonSchema, guardrail: guardrailSchema })),
  /** What CUPED did; null where nothing was adjusted. */
  adjustment: z.object({ theta: known, varianceReduction: known }).nullable(),
  /** Values above it count as it; null without one. `level` is null where the plan gives the values. */
  cap: z.object({ level: z.number().nullable(), y: known, x: known }).nullable(),
  /** Chance to find the smallest effect that matters with the units there are; null where that is unknown. */
  power: known,
  /**
   * Size of the smallest lift that the units there are would find with the planned power; null where that is unknown.
   */
  detectableLift: known,
});

const days = z.object({ low: z.number(), high: z.number() }).nullable();

/** Why: the rule that was fixed before the start, what it was applied to, and its outcome. */
const reasonSchema = z.object({
  rule: z.string(),
  inputs: z.array(z.object({ name: z.string(), value: z.string() })),
  finding: z.string(),
});

export const verdictSchema = z.object({
  code: z.enum(VERDICT_CODES),
  /** The treatment it speaks of; null when it speaks of all. */
  variant: z.string().nullable(),
  /** The verdict in a sentence, its first words being the code's. */
  sentence: z.string(),
  reasons: z.array(reasonSchema),
  /** One sentence each. */
  wouldChange: z.array(z.string()),
  /** Days until it may change, by the fastest and the slowest of the last days; null when that cannot be said. */
  daysLeft: days,
});

/** `state` is of the sequential test, which may be looked at at any time; chi-square and its p are figures. */
const splitSchema = z.object({
  state: z.enum(["ok", "warning", "alarm", "too-few", "one-arm", "no-data"]),
  sequentialP: known,
  p: known,
  chi2: known,
  /** Units each arm should have had, by the plan. */
  expected: z.array(z.number()),
});

const breakdownSchema = z.object({
  attribute: z.string(),
  /**
   * Largest first; `value` null holds all other values together. Read by a sequence whatever the plan's method is, at
   * alpha divided by the number of values, so that a coloured cell is no child of many looks at many values.
   */
  values: z.array(
    z.object({
      value: z.string().nullable(),
      arms: z.array(z.object({ variant: z.string(), units: z.number() })),
      /** Whether units of this value are split as planned: a leak often shows in one browser or country only. */
      split: splitSchema,
      metrics: z.array(metricResultSchema.pick({ key: true, arms: true, comparisons: true })),
    }),
  ),
});

/** An effect at a moment; a null end is open. */
const range = z.object({ estimate: z.number(), low: known, high: known });

/** What one run of the analysis found: everything a results page shows. No number in it is ever NaN or infinite. */
export const analysisSchema = z.object({
  /** Counted units of all arms. */
  people: z.number(),
  arms: z.array(z.object({ variant: z.string(), units: z.number() })),
  /** Units seen in several variants: excluded. */
  severalVariants: z.number(),
  split: splitSchema,
  health: z.array(healthCheckSchema),
  /** The settings these numbers were made with. */
  settings: statisticalSettingsSchema,
  /** Whether they are the plan's; false for numbers made on request with others. The verdict is the plan's always. */
  asPlanned: z.boolean(),
  metrics: z.array(metricResultSchema),
  progress: z.object({
    units: z.number(),
    planned: known,
    /** New units a day: the mean of the last whole days, the slowest and the fastest; null before two whole days. */
    pace: z.object({ perDay: z.number(), low: z.number(), high: z.number() }).nullable(),
    looks: z.number(),
    /** What the plan can find and show by the control as it is; null where that is unknown. */
    sizing: z
      .object({
        power: known,
        units: known,
        binding: z.string().nullable(),
        alone: z.array(z.object({ metric: z.string(), units: z.number() })),
        /** Absent from what was computed before it was known. */
        neverRead: z.string().nullable().optional(),
        uncounted: z.array(z.string()).optional(),
      })
      .nullable(),
  }),
  verdict: verdictSchema,
  /** Length of the series' steps. */
  stepSeconds: z.number(),
  /**
   * Cumulative: as it stood at the end of the step that began at `at` (ISO 8601, UTC); for `sequence`, intervals are the
   * running ones. Quantiles have no series.
   */
  series: z.array(
    z.object({
      at: z.string(),
      variant: z.string(),
      /** Null: only units are told. */
      metric: z.string().nullable(),
      units: z.number(),
      value: known,
      lift: range.nullable(),
      /** In the metric's unit; absent from what was computed before it was followed over time. */
      difference: range.nullable().optional(),
    }),
  ),
  breakdown: breakdownSchema.nullable(),
});

export type Analysis = z.infer<typeof analysisSchema>;
export type HealthCheck = z.infer<typeof healthCheckSchema>;
export type MetricResult = z.infer<typeof metricResultSchema>;
export type Verdict = z.infer<typeof verdictSchema>;
