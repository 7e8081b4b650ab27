import type { Reason } from "@telltale/stats";
import { type Case, changeOf, daysWords, isMetricReason, nextReading, type Subject, subjectOf } from "./case.ts";
import { nothingKnown } from "./reasons.ts";
import { count, percent, whyUnknown } from "./words.ts";

/**
 * The verdict in a sentence. Its first words are the code's: Collecting, Keep running, Ship X, No difference, Roll back
 * X (or all), Mixed, Do not decide yet. `keep_running` reads "No decision" once the plan has no look left.
 */
export function verdictSentence(own: Case): string {
  switch (own.found.code) {
    case "collecting":
      return collecting(own);
    case "keep_running":
      return keepRunning(own);
    case "ship":
      return ship(own);
    case "no_difference":
      return noDifference(own);
    case "roll_back":
      return rollBack(own);
    case "mixed":
      return mixed(own);
    case "do_not_decide":
      return doNotDecide(own);
    default: {
      const never: never = own.found.code;
      return never;
    }
  }
}

function subjects(own: Case, ...codes: Reason["code"][]): Subject[] {
  return own.found.reasons.flatMap((reason) => {
    const subject = isMetricReason(reason) && codes.includes(reason.code) ? subjectOf(own, reason) : null;
    return subject ? [subject] : [];
  });
}

const lower = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

function collecting(own: Case): string {
  const { smallestArm, minimum } = own.facts.units;
  const isKnown = own.found.reasons.some(({ code }) => code === "too_few_units");
  const why = isKnown
    ? `the smallest arm has ${count(smallestArm)} units, and nothing is said below ${count(minimum)}.`
    : lower(nothingKnown(own));
  return `Collecting: ${why}${daysWords(own)}`;
}

/** The subject that is nearest to a decision: the smallest p. */
function nearest(list: readonly Subject[]): Subject | undefined {
  return list.toSorted((a, b) => (a.comparison.logP ?? 0) - (b.comparison.logP ?? 0))[0];
}

function keepRunning(own: Case): string {
  const { reasons } = own.found;
  if (reasons.some(({ code }) => code === "not_readable_yet")) {
    const { method } = own.inputs.plan.settings;
    const when = method === "group" ? "the next reading is" : "the result is read";
    const link = method === "group" ? "" : " at";
    const so = `${count(own.facts.progress.units)} are in`;
    return `Keep running: ${when}${link} ${nextReading(own)}, and ${so}.${daysWords(own)}`;
  }
  const start = own.facts.ended ? "No decision" : "Keep running";
  const open = nearest(subjects(own, "may_reach_smallest_effect", "unclear", "within_smallest_effect"));
  const unknown = subjects(own, "unknown")[0];
  const what = open
    ? `${changeOf(open)} in ${open.variant}, which is not decisive${own.facts.ended ? "" : " yet"}.`
    : unknown
      ? `${unknown.metric.name} says nothing yet in ${unknown.variant}, as ${whyUnknown(unknown.comparison)}.`
      : "nothing is decided yet.";
  return `${start}: ${what}${daysWords(own)}`;
}

function variantOf({ inputs: { plan }, found: { treatment } }: Case): string {
  return treatment === null ? "all" : (plan.arms[treatment + 1]?.variant ?? "all");
}

function ship(own: Case): string {
  const variant = variantOf(own);
  const won = subjects(own, "better").find((subject) => subject.variant === variant);
  const guarded = own.inputs.plan.metrics.some(({ role }) => role === "guardrail") ? " and no guardrail is broken" : "";
  return `Ship ${variant}: ${won ? changeOf(won) : "it is better"}${guarded}.`;
}

function noDifference(own: Case): string {
  const flat = subjects(own, "within_smallest_effect")[0];
  const size = flat?.metric.minimumEffect;
  const what = flat ? `${changeOf(flat)} in ${flat.variant}` : "no treatment moved a primary metric";
  return `No difference: ${what}${size ? `, so any effect is smaller than the ${percent(size)} that matters` : ""}.`;
}

function rollBack(own: Case): string {
  const variant = variantOf(own);
  const broken = subjects(own, "guardrail_broken");
  const worse = subjects(own, "worse");
  const first = broken[0] ?? worse[0];
  const isGuardrail = broken.length > 0;
  if (!first) return `Roll back ${variant}: it is worse than the control.`;
  const what = `${isGuardrail ? "the guardrail " : ""}${changeOf(first)}`;
  if (own.found.treatment !== null) return `Roll back ${variant}: ${what}.`;
  return `Roll back all: every treatment is worse or breaks a guardrail. In ${first.variant} ${what}.`;
}

function mixed(own: Case): string {
  const [up, down] = [subjects(own, "better")[0], subjects(own, "worse")[0]];
  const where = up ? ` in ${up.variant}` : "";
  const list = [up, down].flatMap((subject) => (subject ? [changeOf(subject)] : []));
  return `Mixed: ${list.join(", but ")}${where}. Decide by hand what weighs more.`;
}

function doNotDecide(own: Case): string {
  const [first] = own.health.filter(({ state }) => state === "alarm");
  return `Do not decide yet: ${first ? lower(first.sentence) : "a check of the data failed."}`;
}
