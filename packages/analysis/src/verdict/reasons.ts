import type { Reason } from "@telltale/stats";
import { type Case, changeOf, type MetricReason, nextReading, type Subject, subjectOf } from "./case.ts";
import { count, percent, whyUnknown } from "./words.ts";

/** A reason as a sentence; a failed check gives one for each of its findings. */
export function reasonSentence(own: Case, reason: Reason): string[] {
  switch (reason.code) {
    case "health":
      return own.health
        .filter(({ check, state }) => check === reason.problem && state === "alarm")
        .map(({ sentence }) => sentence);
    case "too_few_units":
      return [`The smallest arm has ${count(reason.units)} units; nothing is said below ${count(reason.minimum)}.`];
    case "nothing_known":
      return [nothingKnown(own)];
    case "not_readable_yet":
      return [notReadable(own)];
    case "ended_undecided":
      return [
        own.inputs.status === "ended"
          ? "The experiment has ended and its plan decides nothing."
          : "The planned end is reached and the plan decides nothing.",
      ];
    case "better":
    case "worse":
    case "guardrail_broken":
    case "within_smallest_effect":
    case "may_reach_smallest_effect":
    case "unclear":
    case "unknown": {
      const subject = subjectOf(own, reason);
      return subject ? [metricSentence(subject, reason)] : [];
    }
    case "health_restored":
    case "change_treatment":
    case "more_units":
    case "planned_end":
    case "guardrail_breach":
    case "decide_by_hand":
    case "smaller_effect_of_interest":
      return [];
    default: {
      const never: never = reason;
      return never;
    }
  }
}

function metricSentence(subject: Subject, reason: MetricReason): string {
  const { variant, metric, comparison } = subject;
  const what = `${variant}: ${changeOf(subject)}`;
  switch (reason.code) {
    case "better":
    case "worse":
      return `${what}, which is ${reason.code}.`;
    case "guardrail_broken":
      return reason.margin > 0
        ? `${what}, which is harm beyond the ${percent(reason.margin)} that this guardrail bears.`
        : `${what}, which is harm, and this guardrail bears none.`;
    case "within_smallest_effect":
      return `${what}: any effect is smaller than the ${percent(reason.smallest)} that matters.`;
    case "may_reach_smallest_effect":
      return `${what}: an effect of the ${percent(reason.smallest)} that matters is still possible.`;
    case "unclear":
      return metric.minimumEffect === null
        ? `${what}: not clear yet, and no smallest effect that matters was set by which to say that there is none.`
        : `${what}: not clear yet.`;
    case "unknown":
      return `${variant}: ${metric.name} says nothing yet, as ${whyUnknown(comparison)}.`;
    default: {
      const never: never = reason;
      return never;
    }
  }
}

/** Why no primary metric has an interval. */
export function nothingKnown(own: Case): string {
  const { metrics } = own.inputs.plan;
  if (!metrics.some(({ role }) => role === "primary")) {
    return "The plan has no primary metric, so there is nothing to decide by.";
  }
  if (own.facts.progress.units === 0) return "Nobody has met a variant yet.";
  const { primary } = own.facts.treatments[0] ?? { primary: [] };
  const why = primary[0] ? whyUnknown(primary[0].comparison) : "an arm has no units yet";
  return `No primary metric can be read: ${why}.`;
}

/** Until when the primary metrics are withheld. */
export function notReadable(own: Case): string {
  const { plannedUnits, settings } = own.inputs.plan;
  const so = `${count(own.facts.progress.units)} units are in`;
  return settings.method === "group" && plannedUnits !== null
    ? `Primary metrics are read at planned looks only. The next is ${nextReading(own)}; ${so}.`
    : `Primary metrics are read once, at ${nextReading(own)}; ${so}.`;
}
