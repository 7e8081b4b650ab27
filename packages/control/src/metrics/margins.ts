import { z } from "zod";

/** Harm that a guardrail bears, a fraction of the control's mean. */
export const marginSchema = z.number().min(0, "A margin is 0 or more.").max(1, "A margin is a fraction: 0.02 for 2 %.");

/** The same in the metric's own unit, in place of the fraction. */
export const absoluteMarginSchema = z
  .number()
  .gt(0, "An absolute margin is above 0, in the metric's own unit.")
  .max(1e15, "An absolute margin is at most 1e15.");
