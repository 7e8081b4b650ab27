import { type ConfigurationChange, changedFrom, describeChanges, quoted } from "../changes.ts";
import { describeCondition } from "../flag/words.ts";
import { differingFields, type MetricConflict } from "./change.ts";
import type { MetricDefinition } from "./definition.ts";
import type { DescribedMetric } from "./metric.ts";
import type { MetricFormat } from "./schema.ts";

type Source = Extract<MetricDefinition, { kind: "conversion" }>["source"];
type Cap = NonNullable<Extract<MetricDefinition, { kind: "ratio" }>["cap"]>;
type Aggregate = Extract<MetricDefinition, { kind: "ratio" }>["numerator"]["aggregate"];

/** 0.125 → "12.5 %". */
export function percentOf(fraction: number): string {
  return `${Number((fraction * 100).toFixed(4))} %`;
}

/** A definition in words, as the audit trail has it: `sum of amount over "purchase", within 7 d of exposure`. */
export function describeDefinition(definition: MetricDefinition): string {
  const window = "windowSeconds" in definition ? definition.windowSeconds : undefined;
  const cap = "cap" in definition ? definition.cap : undefined;
  return [
    core(definition),
    ...(window === undefined ? [] : [`within ${duration(window)} of exposure`]),
    ...(cap ? [capWords(cap)] : []),
  ].join(", ");
}

function capWords(cap: Cap): string {
  if ("at" in cap) {
    const { at, atDenominator } = cap;
    return atDenominator === undefined ? `capped at ${at}` : `capped at ${at}, its denominator at ${atDenominator}`;
  }
  return `capped at the ${percentOf(cap.level)} quantile${cap.includeZeros ? "" : " of those above 0"}`;
}

function core(definition: MetricDefinition): string {
  switch (definition.kind) {
    case "conversion":
      return `conversion on ${source(definition.source)}`;
    case "count":
      return `count of ${source(definition.source)}`;
    case "sum":
    case "mean":
      return `${definition.kind} of ${definition.property ?? "the value"} over ${source(definition.source)}`;
    case "ratio":
      return `ratio of ${total(definition.numerator)} to ${total(definition.denominator)}`;
    case "retention":
      return `retention on ${source(definition.source)}, day ${definition.fromDay} to ${definition.toDay}`;
    case "quantile": {
      const zeros = definition.per === "unit" && !definition.includeZeros ? " above 0" : "";
      const of = `${definition.property ?? "the value"} over ${source(definition.source)}`;
      return `${percentOf(definition.level)} quantile of ${of} per ${definition.per}${zeros}`;
    }
    case "funnel":
      return `funnel ${definition.steps.map(source).join(" → ")} within ${duration(definition.withinSeconds)}`;
    default: {
      const never: never = definition;
      return never;
    }
  }
}

function source({ event, where }: Source): string {
  const conditions = where.map((condition) => describeCondition({ ...condition, attribute: condition.property }));
  return `"${event}"${conditions.length === 0 ? "" : ` where ${conditions.join(" and ")}`}`;
}

function total(part: Source & { aggregate: Aggregate }): string {
  return `${aggregate(part.aggregate)} over ${source(part)}`;
}

function aggregate(of: Aggregate): string {
  if (of.of === "count") return "the count";
  if (of.of === "sum") return `the sum of ${of.property ?? "the value"}`;
  return `distinct ${"property" in of ? of.property : of.by}`;
}

function duration(seconds: number): string {
  const units = [
    ["d", 86_400],
    ["h", 3_600],
    ["min", 60],
  ] as const;
  const [unit, length] = units.find(([, size]) => seconds % size === 0) ?? ["s", 1];
  return `${seconds / length} ${unit}`;
}

/** What people call a metric's fields. */
const SUBJECTS: Record<keyof DescribedMetric, string> = {
  name: "Name",
  description: "Description",
  definition: "Definition",
  direction: "Better when it goes",
  format: "Written as",
  minimumEffect: "Smallest effect that matters",
  margin: "Margin",
  absoluteMargin: "Absolute margin",
};

/** What differs from one metric to another, a line each: the one wording of its changes. */
export function listMetricChanges(before: DescribedMetric, after: DescribedMetric): ConfigurationChange[] {
  return differingFields(before, after).map((field) => lineOf(field, before, after));
}

/** What a metric is, a line for each field but its name and description. */
export function listMetricFacts(metric: DescribedMetric): { subject: string; words: string }[] {
  const fields = ["definition", "direction", "format", "minimumEffect", "margin", "absoluteMargin"] as const;
  return fields.map((field) => ({ subject: SUBJECTS[field], words: describeField(field, metric) }));
}

/** The change from one metric to another as a sentence; `NOTHING_CHANGED` when they are the same. */
export function describeMetricChange(before: DescribedMetric, after: DescribedMetric): string {
  return describeChanges(listMetricChanges(before, after));
}

/** Fields that two people both changed, in words: "name, smallest effect that matters". */
export function describeMetricConflicts(conflicts: readonly MetricConflict[]): string {
  return conflicts.map(({ field }) => SUBJECTS[field].toLowerCase()).join(", ");
}

function lineOf(field: keyof DescribedMetric, before: DescribedMetric, after: DescribedMetric): ConfigurationChange {
  return changedFrom(SUBJECTS[field], describeField(field, before), describeField(field, after));
}

function describeField(field: keyof DescribedMetric, metric: DescribedMetric): string {
  switch (field) {
    case "name":
    case "description":
      return quoted(metric[field]);
    case "definition":
      return describeDefinition(metric.definition);
    case "direction":
      return metric.direction;
    case "format":
      return formatWords(metric.format);
    case "minimumEffect":
      return metric.minimumEffect === null ? "none" : percentOf(metric.minimumEffect);
    case "margin":
      return percentOf(metric.margin);
    case "absoluteMargin":
      return metric.absoluteMargin === null ? "none" : String(metric.absoluteMargin);
    default: {
      const never: never = field;
      return never;
    }
  }
}

function formatWords(format: MetricFormat | null): string {
  if (format === null) return "its kind is";
  return format.unit ? `${format.style} ${format.unit}` : format.style;
}
