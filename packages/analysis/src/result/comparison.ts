import type { Comparison } from "@telltale/stats";
import { z } from "zod";

const unknownState = z.enum([
  "no_data",
  "not_enough_data",
  "zero_variance",
  "zero_denominator",
  "impossible",
  "out_of_range",
  "too_skewed",
  "ties",
  "precision_lost",
]);
const origin = {
  level: z.number(),
  method: z.enum(["fixed", "sequence", "group"]),
  formula: z.enum(["welch", "fieller", "newcombe", "mover"]),
};
const end = z.number().nullable();

/** An interval, or why there is none; see `Interval` of the statistics. */
export const intervalSchema = z.discriminatedUnion("state", [
  z.object({ state: z.literal("bounded"), estimate: z.number(), low: z.number(), high: z.number(), ...origin }),
  z.object({ state: z.literal("one_sided"), estimate: z.number(), low: end, high: end, ...origin }),
  z.object({ state: z.literal("unbounded"), estimate: z.number(), ...origin }),
  z.object({
    state: z.literal("unknown"),
    reason: z.enum([...unknownState.options, "zero_baseline", "drifted"]),
    estimate: end,
  }),
]);

const side = z.object({ n: z.number(), value: z.number().nullable() });

/** One treatment against the control, as the statistics give it: `Comparison`. */
export const comparisonSchema = z.object({
  state: z.enum(["ok", ...unknownState.options]),
  control: side,
  treatment: side,
  difference: intervalSchema,
  lift: intervalSchema,
  p: end,
  logP: end,
  adjustedP: end,
  correction: z.enum(["none", "holm", "benjamini_hochberg", "bonferroni"]),
  outcome: z.enum(["better", "worse", "unclear", "unknown"]),
  needs: end,
  warnings: z.array(z.enum(["few_units", "few_conversions", "few_clusters", "denominator_near_zero", "no_covariate"])),
  posterior: z
    .object({
      mean: z.number(),
      sd: z.number(),
      low: z.number(),
      high: z.number(),
      level: z.number(),
      chanceToWin: z.number(),
      chanceToLose: z.number(),
      lossOfShipping: z.number(),
      lossOfKeeping: z.number(),
    })
    .nullable(),
}) satisfies z.ZodType<Comparison>;
