import type { Comparison, Verdict as Decision, GuardrailReason, Reason, VerdictFacts } from "@telltale/stats";
import type { Reading } from "../looks/reading.ts";
import type { PlannedMetric } from "../plan/plan.ts";
import type { Days, Pace } from "../progress/pace.ts";
import type { HealthCheck } from "../result/analysis.ts";
import type { AnalysisInputs } from "../result/snapshot.ts";
import { change, count, unitsOf } from "./words.ts";

/** What was decided and all that the words for it need. */
export interface Case {
  inputs: AnalysisInputs;
  /** The plan's. */
  reading: Reading;
  health: HealthCheck[];
  facts: VerdictFacts<Comparison> & {
    /** Units over all arms so far, and planned. */
    progress: { units: number; planned: number | null };
  };
  found: Decision;
  pace: Pace | null;
  /** Units that are missing until the verdict may change, and the days that takes; null where that cannot be told. */
  missing: number | null;
  days: Days | null;
}

/** A reason about one metric of one treatment. */
export type MetricReason = Extract<Reason, { metric: number }>;

export interface Subject {
  variant: string;
  metric: PlannedMetric;
  comparison: Comparison;
}

export function isGuardrailReason(reason: MetricReason): reason is GuardrailReason {
  return reason.code.startsWith("guardrail_");
}

/** The variant, metric and comparison that a reason is about. */
export function subjectOf({ inputs: { plan }, facts }: Case, reason: MetricReason): Subject | null {
  const role = isGuardrailReason(reason) ? "guardrail" : "primary";
  const metric = plan.metrics.filter((own) => own.role === role)[reason.metric];
  const variant = plan.arms[reason.treatment + 1]?.variant;
  const treatment = facts.treatments[reason.treatment];
  const list = role === "primary" ? treatment?.primary : treatment?.guardrails;
  const comparison = list?.[reason.metric]?.comparison;
  return metric && variant !== undefined && comparison ? { variant, metric, comparison } : null;
}

/** "Revenue went up by 8.1 % (…)". */
export function changeOf({ metric, comparison }: Subject): string {
  return `${metric.name} ${change(comparison, metric.format)}`;
}

export function isMetricReason(reason: Reason): reason is MetricReason {
  return "metric" in reason;
}

/** "about 4 to 6 more days", "about 4 more days". */
export function daysWords({ low, high }: Days): string {
  const number = low === high ? count(low) : `${count(low)} to ${count(high)}`;
  return `about ${number} more ${high === 1 ? "day" : "days"}`;
}

/** " How long that takes: about 4 to 6 more days.", or that it cannot be said. */
export function waitWords({ inputs, days, missing, facts: { progress } }: Case): string {
  if (inputs.status === "ended") return "";
  if (days) return ` That takes ${daysWords(days)} at the pace of the last days.`;
  const { planned, units } = progress;
  if (missing === null && planned !== null && units >= planned) {
    return ` The planned ${count(planned)} units are in; how much longer it takes cannot be said.`;
  }
  return " How long that takes cannot be said yet.";
}

/** "the 2nd of 5 planned looks, at 36,000 units", "the planned end, at 90,000 units". */
export function nextReading({ inputs: { plan, status }, reading }: Case): string {
  const { plannedUnits, settings } = plan;
  if (plannedUnits === null || status === "ended") return "the end of the experiment";
  const next = nextLook(reading, plannedUnits, settings.looks);
  if (settings.method !== "group" || next === null) return `the planned end, at ${unitsOf(plannedUnits)}`;
  return `look ${next} of ${settings.looks}, at ${unitsOf(Math.ceil((next / settings.looks) * plannedUnits))}`;
}

/** Number of the first planned look that the units there are have not reached; null when that is none. */
function nextLook({ totals }: Reading, plannedUnits: number, looks: number): number | null {
  const units = totals.at(-1)?.units.reduce((sum, own) => sum + own, 0) ?? 0;
  const next = Math.floor((units / plannedUnits) * looks) + 1;
  return next <= looks ? next : null;
}
