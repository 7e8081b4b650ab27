import {
  type DescribedMetric,
  type MetricDefinition,
  type MetricFormat,
  metricDefinitionSchema,
  metricFormatSchema,
} from "@telltale/configuration";
import { type Model, Prisma } from "@telltale/db";

/** A stored metric's definition; the release before wrote none, and knew conversion only. */
export function definitionOf({ definition, eventName }: { definition: unknown; eventName: string }): MetricDefinition {
  if (definition === null) return { kind: "conversion", source: { event: eventName, where: [] } };
  return metricDefinitionSchema.parse(definition);
}

/** How a stored metric's values are written. */
export function formatOf({ format }: { format: unknown }, { kind }: MetricDefinition): MetricFormat {
  return format === null ? usualFormat(kind) : metricFormatSchema.parse(format);
}

/** Shares of units in per cent, everything else as plain numbers. */
function usualFormat(kind: MetricDefinition["kind"]): MetricFormat {
  const isShare = kind === "conversion" || kind === "retention" || kind === "funnel";
  return { style: isShare ? "percent" : "number", unit: "" };
}

type StoredMetric = Pick<
  Model.Metric,
  "name" | "description" | "direction" | "minimumEffect" | "margin" | "absoluteMargin"
> &
  Record<"definition" | "format", unknown>;

/** What a metric's row says of it, whatever release wrote it. */
export function metricIn(row: StoredMetric & { eventName: string }): DescribedMetric {
  const { name, description, direction, minimumEffect, margin, absoluteMargin } = row;
  const format = row.format === null ? null : metricFormatSchema.parse(row.format);
  return { name, description, definition: definitionOf(row), direction, format, minimumEffect, margin, absoluteMargin };
}

/** What a revision's row says of a metric; it always has a definition. */
export function metricInRevision(row: StoredMetric): DescribedMetric {
  return metricIn({ ...row, eventName: "" });
}

/** A metric as a revision stores it. */
export function revisionColumns(metric: DescribedMetric) {
  return { ...metric, format: metric.format ?? Prisma.DbNull };
}

/** A metric as its row stores it, with what the release before reads of it. */
export function metricColumns(metric: DescribedMetric) {
  return { ...revisionColumns(metric), kind: "conversion" as const, eventName: firstEvent(metric.definition) };
}

/** Name of the first track event that a metric reads. */
export function firstEvent(definition: MetricDefinition): string {
  switch (definition.kind) {
    case "ratio":
      return definition.numerator.event;
    case "funnel":
      return definition.steps[0]?.event ?? "";
    default:
      return definition.source.event;
  }
}
