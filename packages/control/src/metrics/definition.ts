import type { PlannedMetric } from "@telltale/analysis";
import { type MetricFormat, metricDefinitionSchema, metricFormatSchema } from "@telltale/configuration";

/** What a metric measures, as it is saved. */
export type MetricDefinition = PlannedMetric["definition"];

/** A stored metric's definition; the release before wrote none, and knew conversion only. */
export function definitionOf({ definition, eventName }: { definition: unknown; eventName: string }): MetricDefinition {
  if (definition === null) return conversionOn(eventName);
  return metricDefinitionSchema.parse(definition);
}

/** The metric that an event's name alone makes: did a unit do it at least once. */
export function conversionOn(event: string): MetricDefinition {
  return { kind: "conversion", source: { event, where: [] } };
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
