import type { DecisionReason } from "@telltale/stats";
import {
  type Case,
  changeOf,
  findReasonSubject,
  isMetricReason,
  nextReading,
  type ReasonSubject,
  waitWords,
} from "./case.ts";
import { guardrailFinding } from "./guardrail-words.ts";
import { nothingKnown, skewWords } from "./reasons.ts";
import { count, describeUnits, formatFraction, whyUnknown } from "./words.ts";

/**
 * The verdict in a sentence. Its first words are the code's: Collecting, Keep running, Ship X, No difference, Better (or
 * Worse) but small, Roll back X (or all), Mixed, Do not decide yet. `keep_running` reads "No decision" once the plan has
 * no look left.
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
    case "too_small":
      return tooSmall(own);
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

function subjects(own: Case, ...codes: DecisionReason["code"][]): ReasonSubject[] {
  return own.found.reasons.flatMap((reason) => {
    const subject = isMetricReason(reason) && codes.includes(reason.code) ? findReasonSubject(own, reason) : null;
    return subject ? [subject] : [];
  });
}

const lower = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

function fewUnits({ facts: { units } }: Case): string {
  return `the smallest arm has ${describeUnits(units.smallestArm)}, and nothing is said below ${count(units.minimum)}.`;
}

function collecting(own: Case): string {
  const isKnown = own.found.reasons.some(({ code }) => code === "too_few_units");
  return `Collecting: ${isKnown ? `${fewUnits(own)}${waitWords(own)}` : lower(nothingKnown(own))}`;
}

/** The subject that is nearest to a decision: the smallest p. */
function nearest(list: readonly ReasonSubject[]): ReasonSubject | undefined {
  return list.toSorted((a, b) => (a.comparison.logP ?? 0) - (b.comparison.logP ?? 0))[0];
}

function keepRunning(own: Case): string {
  const { reasons } = own.found;
  if (reasons.some(({ code }) => code === "not_readable_yet")) {
    const { method } = own.inputs.plan.settings;
    const what = method === "group" ? "the next reading is" : "the result is read at";
    const so = `${count(own.facts.progress.units)} are in`;
    return `Keep running: ${what} ${nextReading(own)}; ${so}.${waitWords(own)}`;
  }
  const start = own.facts.ended ? "No decision" : "Keep running";
  if (reasons.some(({ code }) => code === "too_few_units")) return `${start}: ${fewUnits(own)}`;
  if (reasons.some(({ code }) => code === "nothing_known")) return `${start}: ${lower(nothingKnown(own))}`;
  const wait = own.facts.ended ? "" : waitWords(own);
  const guardrail = guardrailSentence(own);
  if (guardrail) return `${start}: ${guardrail}${wait}`;
  const open = nearest(subjects(own, "may_reach_smallest_effect", "unclear", "within_smallest_effect"));
  if (open) {
    return `${start}: ${changeOf(open)} in ${open.variant}, which is not decisive${own.facts.ended ? "" : " yet"}.${worseWords(own)}${wait}`;
  }
  const unknown = subjects(own, "unknown")[0];
  const what = unknown
    ? `${unknown.metric.name} says nothing in ${unknown.variant}, as ${whyUnknown(unknown.comparison)}.${skewWords(own, unknown)}`
    : `nothing is decided${own.facts.ended ? "" : " yet"}.`;
  return `${start}: ${what}${wait}`;
}

/** " A is worse: …", of every treatment that is, whatever the headline is about. */
function worseWords(own: Case): string {
  return subjects(own, "worse")
    .map((subject) => ` ${subject.variant} is worse: ${changeOf(subject)}.`)
    .join("");
}

/** A winner whose guardrail is not shown: what it won by, and what is missing. */
function guardrailSentence(own: Case): string | null {
  const codes = ["guardrail_not_shown", "guardrail_unknown"] as const;
  const reason = own.found.reasons.find(({ code }) => codes.some((wanted) => wanted === code));
  if (!reason || (reason.code !== "guardrail_not_shown" && reason.code !== "guardrail_unknown")) return null;
  const subject = findReasonSubject(own, reason);
  const won = subjects(own, "better").find(({ variant }) => variant === subject?.variant);
  if (!subject) return null;
  const start = won
    ? `${changeOf(won)} in ${won.variant}, but a guardrail is not shown. `
    : "a guardrail is not shown. ";
  return `${start}${guardrailFinding(own, subject, reason)}`;
}

function variantOf({ inputs: { plan }, found: { treatment } }: Case): string {
  return treatment === null ? "all" : (plan.arms[treatment + 1]?.variant ?? "all");
}

function ship(own: Case): string {
  const variant = variantOf(own);
  const { plan } = own.inputs;
  const won = subjects(own, "better").find((subject) => subject.variant === variant);
  const rivals = own.found.reasons.flatMap((reason) =>
    reason.code === "not_told_apart" ? [plan.arms[reason.other + 1]?.variant ?? ""] : [],
  );
  const tied =
    rivals.length === 0
      ? ""
      : ` It is not told apart from ${rivals.join(" and ")}, which ${rivals.length === 1 ? "is" : "are"} better than the control too.`;
  return `Ship ${variant}: ${won ? changeOf(won) : "it is better"}${shippedGuardrails(own)}.${tied}`;
}

/** What was seen of the guardrails of what ships: shown to be harmless, or only without proven harm. */
function shippedGuardrails({ found: { reasons } }: Case): string {
  const has = (code: DecisionReason["code"]) => reasons.some((reason) => reason.code === code);
  if (has("guardrail_shown")) {
    return has("guardrail_no_harm")
      ? ", every guardrail with a margin is shown to keep it, and no other is proven harmful"
      : " and every guardrail is shown to keep its margin";
  }
  return has("guardrail_no_harm") ? " and no guardrail is proven harmful" : "";
}

function tooSmall(own: Case): string {
  const [first] = subjects(own, "better_but_small", "worse_but_small");
  if (!first) return "Better or worse, but less than matters. Decide by hand.";
  const word = first.comparison.outcome === "better" ? "Better" : "Worse";
  const size = first.metric.minimumEffect;
  return `${word}, but less than matters: ${changeOf(first)} in ${first.variant}${size ? `, and only ${formatFraction(size)} matters` : ""}. Whether to ship it is your choice.`;
}

function noDifference(own: Case): string {
  const flat = subjects(own, "within_smallest_effect")[0];
  const size = flat?.metric.minimumEffect;
  const what = flat ? `${changeOf(flat)} in ${flat.variant}` : "no treatment moved a primary metric";
  return `No difference: ${what}${size ? `, so any effect is smaller than the ${formatFraction(size)} that matters` : ""}.${worseWords(own)}`;
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
  const named = [...new Set([...broken, ...worse].map((subject) => subject.variant))];
  const open = own.facts.treatments.filter(({ isClosed }) => !isClosed).length;
  if (named.length < open) return `Roll back ${named.join(" and ")}: in ${first.variant} ${what}.`;
  return `Roll back all: every treatment is worse or breaks a guardrail. In ${first.variant} ${what}.`;
}

function mixed(own: Case): string {
  const guardrail = guardrailSentence(own);
  if (guardrail) return `Mixed: guardrail not shown. ${guardrail} Decide by hand.`;
  const [up, down] = [subjects(own, "better")[0], subjects(own, "worse")[0]];
  const where = up ? ` in ${up.variant}` : "";
  const list = [up, down].flatMap((subject) => (subject ? [changeOf(subject)] : []));
  return `Mixed: ${list.join(", but ")}${where}. Decide by hand what weighs more.`;
}

/** What has ended is not decided later. */
function doNotDecide(own: Case): string {
  const head = own.inputs.status === "ended" ? "Do not decide" : "Do not decide yet";
  const missing = own.found.reasons.find(({ code }) => code === "guardrail_not_received");
  if (missing?.code === "guardrail_not_received") {
    const metric = findReasonSubject(own, missing)?.metric;
    const check = own.health.find((found) => found.check === "missing_rows" && found.metric === metric?.key);
    return `${head}: ${lower(check?.sentence ?? `data of the guardrail ${metric?.name ?? ""} never came.`)}`;
  }
  const [first] = own.health.filter(({ state }) => state === "alarm");
  return `${head}: ${first ? lower(first.sentence) : "a check of the data failed."}`;
}
