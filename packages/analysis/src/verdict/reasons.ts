import type { Comparison, DecisionReason, GuardrailReason } from "@telltale/stats";
import { isPlannedEnd } from "../plan/arms.ts";
import type { Verdict } from "../result/analysis.ts";
import {
  type Case,
  changeOf,
  findReasonSubject,
  isGuardrailReason,
  type MetricReason,
  needsWords,
  nextReading,
  type ReasonSubject,
} from "./case.ts";
import { guardrailFinding, guardrailRule } from "./guardrail-words.ts";
import { amount, count, describeUnits, endsWords, formatFraction, pWords, whyUnknown } from "./words.ts";

type Why = Verdict["reasons"][number];
type Inputs = Why["inputs"];

/** A reason as its rule, what the rule was applied to, and its outcome; a failed check gives one for each finding. */
export function explainReason(own: Case, reason: DecisionReason): Why[] {
  switch (reason.code) {
    case "health":
      return healthReasons(own, reason.problem);
    case "too_few_units":
      return [
        {
          rule: `Nothing is said while an arm has fewer than ${describeUnits(reason.minimum)}.`,
          inputs: [{ name: "Units of the smallest arm", value: count(reason.units) }],
          finding: `The smallest arm has ${describeUnits(reason.units)}; nothing is said below ${count(reason.minimum)}.`,
        },
      ];
    case "nothing_known":
      return [{ rule: "A verdict needs a primary metric that can be read.", inputs: [], finding: nothingKnown(own) }];
    case "not_readable_yet":
      return [{ rule: readingRule(own), inputs: unitInputs(own), finding: notReadable(own) }];
    case "ended_undecided":
      return [{ rule: readingRule(own), inputs: unitInputs(own), finding: endedUndecided(own) }];
    case "better":
    case "worse":
    case "better_but_small":
    case "worse_but_small":
    case "guardrail_broken":
    case "guardrail_shown":
    case "guardrail_not_shown":
    case "guardrail_no_harm":
    case "guardrail_unknown":
    case "guardrail_not_received":
    case "within_smallest_effect":
    case "may_reach_smallest_effect":
    case "unclear":
    case "unknown":
    case "better_than":
    case "not_told_apart": {
      const subject = findReasonSubject(own, reason);
      return subject ? [metricReason(own, subject, reason)] : [];
    }
    case "health_restored":
    case "data_received":
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

function healthReasons({ health }: Case, problem: string): Why[] {
  return health
    .filter(({ check, state }) => check === problem && state === "alarm")
    .map(({ sentence, p }) => ({
      rule: "No result counts while a check of the data fails.",
      inputs: p === null ? [] : [{ name: "The check's p", value: pWords(p) }],
      finding: sentence,
    }));
}

function unitInputs({ facts: { progress } }: Case): Inputs {
  const planned = progress.planned === null ? [] : [{ name: "Planned units", value: count(progress.planned) }];
  return [{ name: "Units", value: count(progress.units) }, ...planned];
}

/** When primary metrics decide, by the method. */
function readingRule({ inputs: { plan } }: Case): string {
  const { method, looks } = plan.settings;
  if (method === "sequence") return "Primary metrics are read by a sequence, which is valid at any time.";
  if (method === "group") return `Primary metrics are read at ${looks} planned looks, and at no other time.`;
  return "Primary metrics are read once, at the planned size, and the result stays as it was there.";
}

function endedUndecided({ inputs }: Case): string {
  return inputs.status === "ended"
    ? "The experiment has ended and its plan decides nothing."
    : "The planned end is reached and the plan decides nothing.";
}

function comparisonInputs({ comparison, metric }: ReasonSubject): Inputs {
  const value = (own: number | null) => (own === null ? "not known" : amount(own, metric.format));
  const p =
    comparison.adjustedP === null ? [] : [{ name: correctedName(comparison), value: pWords(comparison.adjustedP) }];
  return [
    { name: "Control", value: value(comparison.control.value) },
    { name: "Treatment", value: value(comparison.treatment.value) },
    { name: "Lift", value: endsWords(comparison.lift, formatFraction) },
    { name: "Difference", value: endsWords(comparison.difference, (own) => amount(own, metric.format)) },
    ...p,
  ];
}

const corrections: Record<Comparison["correction"], string> = {
  none: "p",
  holm: "p, corrected by Holm",
  benjamini_hochberg: "p, corrected by Benjamini and Hochberg",
  bonferroni: "p, corrected by Bonferroni",
};

function correctedName({ correction }: Comparison): string {
  return corrections[correction];
}

function metricReason(own: Case, subject: ReasonSubject, reason: MetricReason): Why {
  if (isGuardrailReason(reason)) {
    return {
      rule: guardrailRule(own, subject, reason),
      inputs: comparisonInputs(subject),
      finding: guardrailFinding(own, subject, reason),
    };
  }
  const { alpha } = own.inputs.plan.settings;
  if (reason.code === "better_than" || reason.code === "not_told_apart") {
    const inputs = pairInputs(own, subject, reason);
    return { rule: primaryRule(own, reason), inputs, finding: primaryFinding(own, subject, reason) };
  }
  const inputs = [...comparisonInputs(subject), { name: "Error level", value: formatFraction(alpha) }];
  return { rule: primaryRule(own, reason), inputs, finding: primaryFinding(own, subject, reason) };
}

type PairReason = Extract<MetricReason, { other: number }>;

/** The comparison of two winners, the other one in the control's place. */
function pairInputs({ facts, inputs: { plan } }: Case, { metric }: ReasonSubject, reason: PairReason): Inputs {
  const found = facts.between?.find(
    (pair) => pair.treatment === reason.treatment && pair.other === reason.other && pair.metric === reason.metric,
  );
  if (!found) return [];
  const variant = (treatment: number) => plan.arms[treatment + 1]?.variant ?? "";
  const own = { variant: variant(reason.treatment), metric, comparison: found.comparison };
  return comparisonInputs(own).map(({ name, value }) => {
    if (name === "Control") return { name: variant(reason.other), value };
    return { name: name === "Treatment" ? own.variant : name, value };
  });
}

function primaryRule({ inputs: { plan } }: Case, reason: Exclude<MetricReason, GuardrailReason>): string {
  const { method, sides } = plan.settings;
  const { code } = reason;
  if (code === "better_than" || code === "not_told_apart") {
    return "Winners are compared with each other by the metric that the first one won by.";
  }
  if (code === "unknown") return "A metric decides only where it can be read.";
  const small =
    "smallest" in reason
      ? ` An effect smaller than ${formatFraction(reason.smallest)} does not matter: it is one when the whole interval of the lift is smaller.`
      : "";
  if (sides === "one") {
    return `A primary metric is better when its corrected, one-sided p (${method}) is below the error level. This plan asks for nothing else: it never finds a primary metric worse.${small}`;
  }
  return `A primary metric is better or worse when its corrected p (${method}) is below the error level.${small}`;
}

function primaryFinding(own: Case, subject: ReasonSubject, reason: Exclude<MetricReason, GuardrailReason>): string {
  const { variant, metric, comparison } = subject;
  const what = `${variant}: ${changeOf(subject)}`;
  switch (reason.code) {
    case "better":
    case "worse":
      return `${what}, which is ${reason.code}.`;
    case "better_but_small":
    case "worse_but_small":
      return `${what}, which is ${reason.code === "better_but_small" ? "better" : "worse"}, but surely by less than the ${formatFraction(reason.smallest)} that matters.`;
    case "within_smallest_effect":
      return `${what}: any effect is smaller than the ${formatFraction(reason.smallest)} that matters.`;
    case "may_reach_smallest_effect":
      return `${what}: an effect of the ${formatFraction(reason.smallest)} that matters is still possible.`;
    case "unclear":
      return metric.minimumEffect === null
        ? `${what}: not clear, and no smallest effect that matters was set by which to say that there is none.`
        : `${what}: not clear.`;
    case "unknown":
      return `${variant}: ${metric.name} says nothing, as ${whyUnknown(comparison)}.${skewWords(own, subject)}`;
    case "better_than":
      return `${variant} is better than ${nameOf(own, reason.other)} in ${metric.name}.`;
    case "not_told_apart":
      return `${variant} and ${nameOf(own, reason.other)} are both better than the control, and are not told apart from each other in ${metric.name}.`;
    default: {
      const never: never = reason;
      return never;
    }
  }
}

function nameOf({ inputs: { plan } }: Case, treatment: number): string {
  return plan.arms[treatment + 1]?.variant ?? "another treatment";
}

/** From when on a skewed metric is read, and what helps. */
export function skewWords({ inputs }: Case, { metric, comparison }: ReasonSubject): string {
  const { plan } = inputs;
  if (comparison.state !== "too_skewed") return "";
  if (comparison.needs !== null) return needsWords(inputs, comparison.needs);
  const known = ` Neither a cap nor history of ${metric.name} was known at the start`;
  if (isPlannedEnd(inputs)) {
    return `${known}, and with arms of unlike shares nothing bounds how wrong it would be: give it a cap and start anew.`;
  }
  return `${known}, so it is not read before ${plan.plannedUnits === null ? "the end" : "the planned end"}.`;
}

/** Why no primary metric has an interval. */
export function nothingKnown(own: Case): string {
  const { metrics } = own.inputs.plan;
  if (!metrics.some(({ role }) => role === "primary")) {
    return "The plan has no primary metric, so there is nothing to decide by.";
  }
  if (own.facts.progress.units === 0) {
    return own.inputs.status === "ended" ? "Nobody was exposed to a variant." : "Nobody was exposed to a variant yet.";
  }
  const [first] = own.facts.treatments[0]?.primary ?? [];
  const [metric] = metrics.filter(({ role }) => role === "primary");
  if (!first || !metric) return "No primary metric can be read: an arm has no units.";
  const subject = { variant: nameOf(own, 0), metric, comparison: first.comparison };
  return `No primary metric can be read: ${whyUnknown(first.comparison)}.${skewWords(own, subject)}`;
}

/** Until when the primary metrics are withheld. */
export function notReadable(own: Case): string {
  const { plannedUnits, settings } = own.inputs.plan;
  const so = `${count(own.facts.progress.units)} units are in`;
  return settings.method === "group" && plannedUnits !== null
    ? `Primary metrics are read at planned looks only. The next is ${nextReading(own)}; ${so}.`
    : `Primary metrics are read once, at ${nextReading(own)}; ${so}.`;
}
