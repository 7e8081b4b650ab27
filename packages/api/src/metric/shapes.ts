import { metricFormatSchema, metricKindSchema, plannedMetricSchema } from "@telltale/analysis";
import { z } from "zod";

/** A metric's bounded parts; the door checks them for every caller, here they are said in the schema too. */
export const { direction, role } = plannedMetricSchema.shape;
/** Smallest lift that matters, a fraction. */
export const minimumEffect = z.number().gt(0, "The smallest effect that matters is above 0.").max(10).nullable();
/** Harm that a guardrail bears, a fraction of the control's mean. */
export const margin = z.number().min(0, "A margin is 0 or more.").max(1, "A margin is a fraction: 0.02 for 2 %.");
/** The same in the metric's own unit, in its place. */
export const absoluteMargin = z.number().gt(0, "An absolute margin is above 0.").max(1e15).nullable();
export const kind = metricKindSchema;
export const status = z.enum(["draft", "running", "ended"]);
export const format = metricFormatSchema;
