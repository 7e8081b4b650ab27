import { z } from "zod";

/** How results are judged. The organisation's, with what an experiment sets otherwise; fixed when it starts. */
const settings = z.object({
  /**
   * When a result may be read: `sequence` at any time, `group` at `looks` planned looks, `fixed` once, at the planned end.
   */
  method: z.enum(["sequence", "group", "fixed"]),
  /** Error level of a family of tests. */
  alpha: z.number().min(0.0001).max(0.5),
  /**
   * `two`: primary metrics are found better or worse. `one`: better only, with all of alpha on that side; nothing is
   * claimed of a primary metric that got worse.
   */
  sides: z.enum(["two", "one"]),
  /** Corrects primary metrics by Holm and secondary ones by Benjamini-Hochberg, over metrics and arms. */
  correct: z.boolean(),
  /** Of the lift, before the data: normal. Shown beside the result, never as its p-value. */
  prior: z.object({ mean: z.number().min(-1).max(1), sd: z.number().gt(0).max(10) }),
  /** Days before exposure whose events adjust the result (CUPED); 0 adjusts nothing. */
  cupedDays: z.int().min(0).max(90),
  /** Of the planned looks, evenly spaced in units; for `group`. */
  looks: z.int().min(2).max(20),
  /** Chance to find an effect of the smallest size that matters. */
  power: z.number().min(0.5).max(0.99),
  /** Below so many units in an arm nothing is said. */
  minimumUnits: z.int().min(1).max(1_000_000),
});

/** Plans and settings of releases that knew two sides only do not name them. */
export const statisticalSettingsSchema = settings.extend({ sides: settings.shape.sides.default("two") });

export type StatisticalSettings = z.infer<typeof statisticalSettingsSchema>;

/** What an experiment sets otherwise than its organisation. */
export const settingsOverrideSchema = settings.partial();
export type SettingsOverride = z.infer<typeof settingsOverrideSchema>;

/** What an organisation starts with: always-valid results at 95 %, corrected, adjusted by two weeks before. */
export const defaultSettings: StatisticalSettings = {
  method: "sequence",
  alpha: 0.05,
  sides: "two",
  correct: true,
  prior: { mean: 0, sd: 0.1 },
  cupedDays: 14,
  looks: 5,
  power: 0.8,
  minimumUnits: 100,
};
