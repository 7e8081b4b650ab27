import { isSame } from "../equality.ts";
import { describeCondition } from "../flag/words.ts";
import type { MetricDefinition } from "./definition.ts";
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

/** What an update of a metric can change. */
interface DescribedMetric {
  name: string;
  description: string;
  definition: MetricDefinition;
  format: MetricFormat;
  direction: "increase" | "decrease";
  minimumEffect: number | null;
  margin: number;
  absoluteMargin: number | null;
}

/** What differs from one metric to another, in words; empty when they are the same. */
export function describeMetricChange(before: DescribedMetric, after: DescribedMetric): string {
  const written = ({ style, unit }: MetricFormat) => (unit ? `${style} ${unit}` : style);
  const effect = (value: number | null) => (value === null ? "none" : percentOf(value));
  const absolute = (value: number | null) => (value === null ? "none" : String(value));
  const changes = [
    ...changed("name", before.name, after.name, (name) => `"${name}"`),
    ...(before.description === after.description ? [] : ["description"]),
    ...changed("definition", before.definition, after.definition, describeDefinition),
    ...changed("better when it goes", before.direction, after.direction, String),
    ...changed("written as", before.format, after.format, written),
    ...changed("smallest effect that matters", before.minimumEffect, after.minimumEffect, effect),
    ...changed("margin", before.margin, after.margin, percentOf),
    ...changed("absolute margin", before.absoluteMargin, after.absoluteMargin, absolute),
  ];
  return changes.join("; ");
}

/** Compares the values, never their words: those are rounded and cut. */
function changed<T>(what: string, before: T, after: T, words: (value: T) => string): string[] {
  return isSame(before, after) ? [] : [describeStep(what, words(before), words(after))];
}

/** From one to the other in words. Long lists are cut in words, so that two values can differ which read the same. */
function describeStep(subject: string, was: string, is: string): string {
  return was === is ? `${subject} ${is}, with other values` : `${subject} ${was} → ${is}`;
}
