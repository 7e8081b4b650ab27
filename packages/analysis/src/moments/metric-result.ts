import type { ExperimentMoments, MetricMoments } from "@telltale/events";
import { type GuardrailFacts, readGuardrail } from "@telltale/stats";
import type { MetricReading } from "../looks/reading.ts";
import { countOf } from "../plan/arms.ts";
import { guardrailFacts, type MissingRows } from "../plan/guardrail.ts";
import type { AnalysisPlan, PlannedMetric } from "../plan/plan.ts";
import type { MetricResult } from "../result/analysis.ts";

type ArmResult = MetricResult["arms"][number];

/** A number as JSON can hold it, or null. */
export function known(value: number | null | undefined): number | null {
  return value !== null && value !== undefined && Number.isFinite(value) ? value : null;
}

function unitsIn(moments: MetricMoments | undefined): number {
  return countOf(moments?.form === "ratio" ? moments.pair.n : moments?.n);
}

function plainValue(moments: MetricMoments | undefined): number | null {
  switch (moments?.form) {
    case undefined:
      return null;
    case "share":
      return known(moments.converted / moments.n);
    case "mean":
      return moments.n > 0 ? known(moments.mean) : null;
    case "ratio":
      return known(moments.pair.meanY / moments.pair.meanX);
    case "quantile":
      return known(moments.value);
    default: {
      const never: never = moments;
      return never;
    }
  }
}

function cappedIn(moments: MetricMoments | undefined, hasCap: boolean): number | null {
  if (!hasCap || !moments) return null;
  if (moments.form === "mean") return countOf(moments.capped);
  return moments.form === "ratio" ? Math.max(countOf(moments.capped.y), countOf(moments.capped.x)) : null;
}

/** Arms of a metric as they are shown, in the plan's order; `reading` gives the estimates of the same moments. */
export function armResults(
  plan: AnalysisPlan,
  metric: PlannedMetric,
  moments: readonly (MetricMoments | undefined)[],
  { now }: Pick<MetricReading, "now">,
): ArmResult[] {
  const hasCap = "cap" in metric.definition && metric.definition.cap !== undefined;
  return plan.arms.map(({ variant }, index) => {
    const own = moments[index];
    const pair = now.comparisons[Math.max(0, index - 1)];
    const estimate = index === 0 ? pair?.control : pair?.treatment;
    const raw = now.adjustment ? (now.adjustment.raw[index] ?? null) : plainValue(own);
    const histogram = own?.form === "mean" || own?.form === "quantile" ? own.histogram : null;
    return {
      variant,
      n: unitsIn(own),
      value: known(estimate?.value),
      raw: known(raw),
      converted: own?.form === "share" ? countOf(own.converted) : null,
      reached: own?.form === "share" && own.reached ? own.reached.map(countOf) : null,
      capped: cappedIn(own, hasCap),
      histogram: histogram?.filter((bar) => Object.values(bar).every(Number.isFinite)) ?? null,
    };
  });
}

const guardrailStates = {
  guardrail_broken: "broken",
  guardrail_shown: "shown",
  guardrail_not_shown: "not_shown",
  guardrail_no_harm: "no_harm",
  guardrail_unknown: "unknown",
  guardrail_not_received: "not_received",
} as const;

function guardrailResult(facts: GuardrailFacts): MetricResult["comparisons"][number]["guardrail"] {
  const { code, margin } = readGuardrail(facts);
  const isAbsolute = "absolute" in margin;
  return { state: guardrailStates[code], margin: isAbsolute ? margin.absolute : margin.relative, isAbsolute };
}

/** A metric as it is shown, without what the plan says of its power. */
export function metricResult(
  plan: AnalysisPlan,
  metric: PlannedMetric,
  moments: readonly (MetricMoments | undefined)[],
  reading: MetricReading,
  { caps, missing }: { caps: ExperimentMoments["caps"]; missing: MissingRows },
): Omit<MetricResult, "power" | "detectableLift"> {
  const { key, name, role, direction, format, minimumEffect, margin, definition } = metric;
  const { adjustment } = reading.now;
  const cap = "cap" in definition ? definition.cap : undefined;
  return {
    key,
    name,
    role,
    kind: definition.kind,
    direction,
    format,
    minimumEffect,
    margin,
    arms: armResults(plan, metric, moments, reading),
    comparisons: reading.results.map((comparison, index) => {
      const found = { variant: plan.arms[index + 1]?.variant ?? "", comparison };
      const guardrail = role === "guardrail" ? guardrailResult(guardrailFacts(plan, metric, found, missing)) : null;
      return { ...found, guardrail };
    }),
    adjustment: adjustment && {
      theta: known(adjustment.theta),
      varianceReduction: known(adjustment.varianceReduction),
    },
    cap: cap ? { level: "level" in cap ? cap.level : null, y: known(caps[key]?.y), x: known(caps[key]?.x) } : null,
  };
}
