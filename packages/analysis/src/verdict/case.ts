import type {
  Comparison,
  DecidedVerdict as Decision,
  DecisionReason,
  GuardrailReason,
  VerdictFacts,
} from "@telltale/stats";
import { pairUnits } from "../looks/methods.ts";
import type { AnalysisReading } from "../looks/reading.ts";
import { windowOf } from "../looks/window.ts";
import type { PlannedMetric } from "../plan/plan.ts";
import { type Days, daysUntil, type Pace } from "../progress/pace.ts";
import type { HealthCheck } from "../result/analysis.ts";
import type { AnalysisInputs } from "../result/snapshot.ts";
import { change, count, describeUnits, spanWords, when } from "./words.ts";

const DAY = 86_400_000;

/** What was decided and all that the words for it need. */
export interface Case {
  inputs: AnalysisInputs;
  /** The plan's. */
  reading: AnalysisReading;
  health: HealthCheck[];
  facts: VerdictFacts<Comparison> & {
    /** Units over all arms so far, and planned. */
    progress: { units: number; planned: number | null };
  };
  found: Decision;
  pace: Pace | null;
  /** Units that are missing until the verdict may change, and the days that takes; null where that is unknown. */
  missing: number | null;
  days: Days | null;
}

/** A reason about one metric of one treatment. */
export type MetricReason = Extract<DecisionReason, { metric: number }>;

export interface ReasonSubject {
  variant: string;
  metric: PlannedMetric;
  comparison: Comparison;
}

export function isGuardrailReason(reason: MetricReason): reason is GuardrailReason {
  return reason.code.startsWith("guardrail_");
}

/** The variant, metric and comparison that a reason is about. */
export function findReasonSubject({ inputs: { plan }, facts }: Case, reason: MetricReason): ReasonSubject | null {
  const role = isGuardrailReason(reason) ? "guardrail" : "primary";
  const metric = plan.metrics.filter((own) => own.role === role)[reason.metric];
  const variant = plan.arms[reason.treatment + 1]?.variant;
  const treatment = facts.treatments[reason.treatment];
  const list = role === "primary" ? treatment?.primary : treatment?.guardrails;
  const comparison = list?.[reason.metric]?.comparison;
  return metric && variant !== undefined && comparison ? { variant, metric, comparison } : null;
}

/** "Revenue went up by 8.1 % (…)". */
export function changeOf({ metric, comparison }: ReasonSubject): string {
  return `${metric.name} ${change(comparison, metric.format)}`;
}

export function isMetricReason(reason: DecisionReason): reason is MetricReason {
  return "metric" in reason;
}

/** "about 4 to 6 more days", "about 4 more days". */
export function daysWords({ low, high }: Days): string {
  const number = low === high ? count(low) : `${count(low)} to ${count(high)}`;
  return `about ${number} more ${high === 1 ? "day" : "days"}`;
}

/** Whether it is waited for the moment at which the plan is read, not for more units by themselves. */
function waitsForReading({ inputs, found }: Pick<Case, "inputs" | "found">): boolean {
  const { method } = inputs.plan.settings;
  return method === "group" || (method === "fixed" && found.reasons.some(({ code }) => code === "not_readable_yet"));
}

/** The days that a fixed plan waits after its units are in: "their 7 days"; empty where it waits for none. */
function windowWords({ inputs: { plan } }: Pick<Case, "inputs">): string {
  const window = plan.settings.method === "fixed" ? windowOf(plan) : 0;
  return window === 0 ? "" : `their ${spanWords(window)}`;
}

/** Days until the verdict may change: until the units are in, with the window of the last of them. */
export function daysLeft(own: Omit<Case, "days">): Days | null {
  const { inputs, reading, missing, pace } = own;
  const isWaiting = waitsForReading(own);
  if (isWaiting && reading.due !== null) {
    const days = Math.max(1, Math.ceil((reading.due - Date.parse(inputs.window.to)) / DAY));
    return { low: days, high: days };
  }
  const days = missing === null ? null : daysUntil(missing, pace);
  const { method } = inputs.plan.settings;
  const window = isWaiting && method === "fixed" ? Math.ceil(windowOf(inputs.plan) / DAY) : 0;
  return days && { low: days.low + window, high: days.high + window };
}

/** " That takes about 4 to 6 more days at the pace of the last days.", when it is read, or that it cannot be said. */
export function waitWords(own: Case): string {
  const { inputs, reading, days, missing, facts } = own;
  if (inputs.status === "ended") return "";
  const isWaiting = waitsForReading(own);
  const window = isWaiting ? windowWords(own) : "";
  if (isWaiting && reading.due !== null) {
    return ` That is at ${when(reading.due)}${window ? `, when the last of the planned units have had ${window}` : ""}.`;
  }
  if (days) {
    return ` That takes ${daysWords(days)} at the pace of the last days${window ? `, ${window} included` : ""}.`;
  }
  const { planned, units } = facts.progress;
  if (missing === null && planned !== null && units >= planned) {
    return ` The planned ${count(planned)} units are in; how much longer it takes cannot be said.`;
  }
  return " How long that takes cannot be said yet.";
}

/** "look 2 of 5, at 36,000 units", "the planned end, at 90,000 units, when the last of them have had their 7 days". */
export function nextReading({ inputs, reading, facts }: Pick<Case, "inputs" | "reading" | "facts">): string {
  const { plan, status } = inputs;
  const { plannedUnits, settings } = plan;
  if (plannedUnits === null || status === "ended") return "the end of the experiment";
  if (settings.method === "group") {
    const next = nextLook({ inputs, reading, facts });
    return next === null
      ? `the last look, at ${describeUnits(plannedUnits)}`
      : `look ${next.number} of ${settings.looks}, at ${describeUnits(next.units)}`;
  }
  const window = windowWords({ inputs });
  return `the planned end, at ${describeUnits(plannedUnits)}${window ? `, when the last of them have had ${window}` : ""}`;
}

/** The next planned look of a group plan, from so many units on; null where none is left, or by another method. */
export function nextLook(
  { inputs: { plan }, reading, facts }: Pick<Case, "inputs" | "reading" | "facts">,
  least = 0,
): { number: number; units: number } | null {
  const { plannedUnits, settings } = plan;
  if (plannedUnits === null || settings.method !== "group" || reading.isFinal) return null;
  const { looks } = settings;
  const reached = Math.floor((facts.progress.units / plannedUnits) * looks * (1 + Number.EPSILON));
  // One whose units are in, but whose step is not over, is still to come.
  const next = Math.max(reading.due === null ? reached + 1 : reached, Math.ceil((least / plannedUnits) * looks));
  return next > looks ? null : { number: next, units: Math.ceil((next / looks) * plannedUnits) };
}

/** Whether so many units are more than a plan that is read at planned numbers of units ever has. */
export function isBeyondPlan({ plan }: AnalysisInputs, units: number): boolean {
  return plan.settings.method !== "sequence" && plan.plannedUnits !== null && units > plan.plannedUnits;
}

/** " It is read from about 12,000 units of both arms on.", and whether the plan has as many. */
export function needsWords(inputs: AnalysisInputs, needs: number): string {
  const { plan } = inputs;
  const most = plan.settings.method === "sequence" ? null : plan.plannedUnits && pairUnits(plan);
  const beyond =
    most !== null && needs > most ? `, and this plan ends at ${describeUnits(Math.floor(most))} of both` : "";
  return ` It is read from about ${describeUnits(needs)} of both arms on${beyond}.`;
}
