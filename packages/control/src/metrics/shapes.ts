import { type PlannedMetric, plannedMetricSchema } from "@telltale/analysis";
import { metricDefinitionSchema, metricFormatSchema } from "@telltale/configuration";
import { z } from "zod";

/** A metric's bounded parts. */
export const definition = metricDefinitionSchema;
export const { direction, role } = plannedMetricSchema.shape;
export const format = metricFormatSchema;
/** Smallest lift that matters, a fraction. */
export const minimumEffect = z.number().gt(0, "The smallest effect that matters is above 0.").max(10).nullable();
/** Harm that a guardrail bears, a fraction of the control's mean; 0 blocks only on proven harm. */
export const margin = z.number().min(0, "A margin is 0 or more.").max(1, "A margin is a fraction: 0.02 for 2 %.");
/** The same in the metric's own unit, in its place: for means near 0. */
export const absoluteMargin = z
  .number()
  .gt(0, "An absolute margin is above 0, in the metric's own unit.")
  .max(1e15, "An absolute margin is at most 1e15.")
  .nullable();

/** Kinds whose values are never below 0. */
const COUNTED: PlannedMetric["definition"]["kind"][] = ["conversion", "retention", "funnel", "count"];

/** What speaks against a margin: nothing that is counted can fall by more than all of it, so that 100 % guards nothing. */
export function checkMargin({
  definition,
  direction,
  margin,
  absoluteMargin,
}: Pick<PlannedMetric, "definition" | "direction" | "margin" | "absoluteMargin">): string[] {
  const isFree =
    direction === "increase" && COUNTED.includes(definition.kind) && absoluteMargin === null && margin >= 1;
  return isFree
    ? ["A share or a count cannot fall by more than 100 %: such a margin guards nothing. Give a smaller one."]
    : [];
}
