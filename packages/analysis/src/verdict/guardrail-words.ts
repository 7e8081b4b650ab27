import type { GuardrailReason } from "@telltale/stats";
import { type Case, changeOf, isBeyondPlan, needsWords, type ReasonSubject } from "./case.ts";
import { amount, describeUnits, formatFraction, levelWords, marginWords, whyUnknown } from "./words.ts";

/** Whether the guardrail has a margin that it must be shown to keep. */
function hasMargin({ margin }: GuardrailReason): boolean {
  return ("absolute" in margin ? margin.absolute : margin.relative) > 0;
}

/** What "Ship" needs of this guardrail. */
export function guardrailRule({ inputs: { plan } }: Case, { metric }: ReasonSubject, reason: GuardrailReason): string {
  const { alpha } = plan.settings;
  const claims = Math.max(1, plan.metrics.filter(({ role }) => role === "guardrail").length * (plan.arms.length - 1));
  const harm =
    claims > 1 && plan.settings.correct
      ? `harm is claimed at ${formatFraction(alpha)} over all ${claims} guardrails and treatments together`
      : `harm is claimed at ${formatFraction(alpha)}`;
  if (!hasMargin(reason) || plan.guardrails === "proven_harm") {
    const borne = hasMargin(reason) ? ` beyond ${marginWords(reason.margin, metric.format)}` : "";
    return `This guardrail blocks only on proven harm${borne}: ${harm}.`;
  }
  const margin = marginWords(reason.margin, metric.format);
  return `Ship needs this guardrail shown to do less harm than ${margin}: the bound at ${formatFraction(1 - alpha)} must lie inside. It is broken when harm beyond ${margin} is sure; ${harm}.`;
}

/** "at most 1.3 % of harm is left at 95 %", by the end of the interval that shows safety. */
function boundWords({ metric, comparison }: ReasonSubject, { margin }: GuardrailReason): string {
  const { lift, difference } = comparison;
  const isRelative = "relative" in margin && (lift.state === "bounded" || lift.state === "one_sided");
  const shown = isRelative ? lift : difference;
  if (shown.state !== "bounded" && shown.state !== "one_sided") return "its interval has no bounds";
  const end = metric.direction === "decrease" ? shown.high : shown.low;
  if (end === null) return "its interval has no bound on the side of harm";
  const harm = metric.direction === "decrease" ? end : -end;
  const write = (value: number) => (isRelative ? formatFraction(value) : amount(value, metric.format));
  const level = levelWords(shown.level);
  return harm <= 0 ? `at ${level} there is no harm` : `at ${level} the harm is at most ${write(harm)}`;
}

/** What is known of the guardrail in this treatment. */
export function guardrailFinding(own: Case, subject: ReasonSubject, reason: GuardrailReason): string {
  const { variant, metric, comparison } = subject;
  const what = `${variant}: ${changeOf(subject)}`;
  const margin = marginWords(reason.margin, metric.format);
  switch (reason.code) {
    case "guardrail_broken":
      return hasMargin(reason)
        ? `${what}, which is harm beyond the ${margin} that this guardrail bears.`
        : `${what}, which is harm, and this guardrail bears none.`;
    case "guardrail_shown":
      return `${what}; ${boundWords(subject, reason)}, which is inside the margin of ${margin}.`;
    case "guardrail_not_shown":
      return `${what}; ${boundWords(subject, reason)}, and only ${margin} is borne: not shown.${zeroWords(subject, reason)}${growthWords(own, subject, reason)}`;
    case "guardrail_no_harm":
      return `${what}: no harm is proven, and this guardrail blocks only on proven harm.`;
    case "guardrail_unknown":
      return `${variant}: the guardrail ${metric.name} says nothing, as ${whyUnknown(comparison)}.`;
    case "guardrail_not_received":
      return `${variant}: data of the guardrail ${metric.name} never came. Check that every arm sends its events.`;
    default: {
      const never: never = reason.code;
      return never;
    }
  }
}

/** A fraction of nothing is nothing: then only a margin in the metric's own unit can be kept. */
function zeroWords({ comparison }: ReasonSubject, { margin }: GuardrailReason): string {
  const isZero = "relative" in margin && comparison.control.value === 0;
  return isZero ? " The control's mean is 0, of which a margin in per cent is nothing: give an absolute margin." : "";
}

/** How many units it would take, while it runs and its value stays. */
function growthWords({ inputs, facts }: Case, { comparison }: ReasonSubject, { times }: GuardrailReason): string {
  if (inputs.status === "ended" || facts.ended) return "";
  if (comparison.needs !== null) return needsWords(inputs, comparison.needs);
  if (comparison.difference.state === "one_sided") return " When it is read cannot be said.";
  if (times === null) return " With the value that it has no number of units would show it.";
  const units = Math.ceil(times * facts.progress.units);
  const beyond = isBeyondPlan(inputs, units) ? ", which are more than this plan has: it will not be shown" : "";
  return ` If its value stays, it is shown at about ${describeUnits(units)}${beyond}.`;
}
