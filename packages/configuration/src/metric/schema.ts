import { z } from "zod";
import type { EventCondition, EventSource, MetricDefinition } from "./definition.ts";

const property = z.string().min(1, "Name a property of the event.").max(100);
const text = z.string().max(500);
const many = <T extends z.ZodType>(item: T) => z.array(item).min(1, "Give at least one value.").max(1_000);

const condition: z.ZodType<EventCondition> = z.discriminatedUnion("op", [
  z.object({ property, op: z.enum(["in", "notIn"]), values: many(z.union([text, z.number(), z.boolean()])) }),
  z.object({
    property,
    op: z.enum(["contains", "notContains", "startsWith", "endsWith"]),
    values: many(text.min(1, "An empty text matches everything: give at least one character.")),
  }),
  z.object({ property, op: z.enum(["lt", "lte", "gt", "gte"]), values: z.array(z.number()).length(1) }),
  z.object({ property, op: z.enum(["exists", "notExists"]) }),
]);

const source = z.object({
  event: z.string().min(1, "Name the track event.").max(200),
  where: z.array(condition).max(20).default([]),
}) satisfies z.ZodType<EventSource>;

const aggregate = z.union([
  z.object({ of: z.literal("count") }),
  z.object({ of: z.literal("sum"), property: property.optional() }),
  z.object({ of: z.literal("distinct"), property }),
  z.object({ of: z.literal("distinct"), by: z.string().min(1).max(100) }),
]);

const YEAR_SECONDS = 366 * 86_400;
const windowSeconds = z.int().min(60, "A window has at least a minute.").max(YEAR_SECONDS).optional();
const level = z.number().gt(0, "A level lies between 0 and 1.").lt(1, "A level lies between 0 and 1.");
const quantileCap = z.strictObject({
  level: z.number().min(0.5, "A cap below the median would cut most units.").lt(1, "A cap's level lies below 1."),
  includeZeros: z.boolean(),
});
/** Well below the largest value that the event store counts. */
const CAP_MAX = 1e15;
const CAP_BOUNDS = "A cap lies above 0, and is at most 1,000,000,000,000,000.";
const at = z.number().gt(0, CAP_BOUNDS).max(CAP_MAX, CAP_BOUNDS);
const CAP_FORMS = "Give a cap as `level` and `includeZeros` (a quantile of all units), or as `at` (a value)";
const AT_ALONE = "A cap at a value has `at` alone; of a ratio and a mean it may have `atDenominator` too.";
const isUnknownKey = ({ code }: { code: string }) => code === "unrecognized_keys";
const absoluteCap = z.strictObject({ at }, { error: (issue) => (isUnknownKey(issue) ? AT_ALONE : undefined) });
const cap = z.union([quantileCap, absoluteCap], `${CAP_FORMS}.`).optional();
const ratioCap = z
  .union(
    [quantileCap, z.strictObject({ at, atDenominator: at.optional() })],
    `${CAP_FORMS}, with \`atDenominator\` where the denominator has a cap too.`,
  )
  .optional();
const day = z.int().min(0).max(365);

/** A metric's definition as it is saved: the words of `MetricDefinition`, with bounds. */
export const metricDefinitionSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("conversion"), source, windowSeconds }),
  z.object({ kind: z.literal("count"), source, cap, windowSeconds }),
  z.object({ kind: z.literal("sum"), source, property: property.optional(), cap, windowSeconds }),
  z.object({ kind: z.literal("mean"), source, property: property.optional(), cap: ratioCap, windowSeconds }),
  z.object({
    kind: z.literal("ratio"),
    numerator: source.extend({ aggregate }),
    denominator: source.extend({ aggregate }),
    cap: ratioCap,
    windowSeconds,
  }),
  z
    .object({ kind: z.literal("retention"), source, fromDay: day, toDay: day })
    .refine(({ fromDay, toDay }) => fromDay <= toDay, "Retention ends on the day it begins or later."),
  z.object({
    kind: z.literal("quantile"),
    source,
    property: property.optional(),
    level,
    per: z.enum(["unit", "event"]),
    includeZeros: z.boolean().default(true),
    windowSeconds,
  }),
  z.object({
    kind: z.literal("funnel"),
    steps: z.array(source).min(2, "A funnel has at least two steps.").max(10),
    withinSeconds: z.int().min(1).max(YEAR_SECONDS),
    windowSeconds,
  }),
]) satisfies z.ZodType<MetricDefinition>;

export type MetricKind = MetricDefinition["kind"];

/** How a metric's values are written: `unit` is a currency's or a measure's name ("EUR", "ms"), empty for none. */
export const metricFormatSchema = z.object({
  style: z.enum(["number", "percent", "currency", "duration"]),
  unit: z.string().max(20),
});
export type MetricFormat = z.infer<typeof metricFormatSchema>;

/** The kinds by themselves. */
export const metricKindSchema = z.enum([
  "conversion",
  "count",
  "sum",
  "mean",
  "ratio",
  "retention",
  "quantile",
  "funnel",
] satisfies MetricKind[]);
