import { z } from "zod";
import { descriptionSchema, nameSchema } from "../keys.ts";
import type { MetricDefinition } from "./definition.ts";
import { type MetricFormat, metricDefinitionSchema, metricFormatSchema } from "./schema.ts";

/** What of a metric people change: a record of named fields. A type and no interface, so that it is JSON. */
export type DescribedMetric = {
  name: string;
  description: string;
  definition: MetricDefinition;
  /** Which way is good. */
  direction: "increase" | "decrease";
  /** How its values are written; null: as those of its kind are. */
  format: MetricFormat | null;
  /** Smallest lift that matters, a fraction. */
  minimumEffect: number | null;
  /** Harm that it tolerates as a guardrail, a fraction of the control's mean; 0 blocks only on proven harm. */
  margin: number;
  /** The same in the metric's own unit, in its place: for means near 0. */
  absoluteMargin: number | null;
};

/** A metric's fields as they arrive from outside, with their bounds. */
export const metricSchema = z.object({
  name: nameSchema,
  description: descriptionSchema,
  definition: metricDefinitionSchema,
  direction: z.enum(["increase", "decrease"]),
  format: metricFormatSchema.nullable(),
  minimumEffect: z.number().gt(0, "The smallest effect that matters is above 0.").max(10).nullable(),
  margin: z.number().min(0, "A margin is 0 or more.").max(1, "A margin is a fraction: 0.02 for 2 %."),
  absoluteMargin: z
    .number()
    .gt(0, "An absolute margin is above 0, in the metric's own unit.")
    .max(1e15, "An absolute margin is at most 1e15.")
    .nullable(),
}) satisfies z.ZodType<DescribedMetric>;

/** Kinds whose values are never below 0. */
const COUNTED: MetricDefinition["kind"][] = ["conversion", "retention", "funnel", "count"];

/** What speaks against a margin: nothing that is counted can fall by more than all of it, so that 100 % guards nothing. */
export function checkMargin({
  definition,
  direction,
  margin,
  absoluteMargin,
}: Pick<DescribedMetric, "definition" | "direction" | "margin" | "absoluteMargin">): string[] {
  const isFree =
    direction === "increase" && COUNTED.includes(definition.kind) && absoluteMargin === null && margin >= 1;
  return isFree
    ? ["A share or a count cannot fall by more than 100 %: such a margin guards nothing. Give a smaller one."]
    : [];
}
