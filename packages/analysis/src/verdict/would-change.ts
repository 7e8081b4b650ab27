import type { DecisionReason } from "@telltale/stats";
import { type Case, nextLook, nextReading } from "./case.ts";
import { count, describeUnits, formatFraction } from "./words.ts";

/** What would change the verdict, as a sentence. */
export function wouldChangeSentence(own: Case, reason: DecisionReason): string[] {
  const isRunning = own.inputs.status === "running";
  switch (reason.code) {
    case "health_restored":
      return ["The verdict comes back when no check fails any more."];
    case "data_received":
      return ["The verdict comes back when the guardrail's data come from every arm."];
    case "change_treatment":
      return ["Nothing in these data: change the treatment and test it again."];
    case "more_units":
      return [moreUnits(own)];
    case "planned_end":
      return [`The result at ${nextReading(own)}; until then only a broken guardrail changes it.`];
    case "guardrail_breach":
      return [
        isRunning
          ? "A guardrail that breaks, or is no longer shown, while the experiment goes on."
          : "Nothing in these data: the experiment has ended.",
      ];
    case "decide_by_hand":
      return [byHand(own)];
    case "smaller_effect_of_interest":
      return [smallerEffect(own)];
    case "health":
    case "too_few_units":
    case "nothing_known":
    case "not_readable_yet":
    case "ended_undecided":
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
    case "better_than":
    case "not_told_apart":
    case "within_smallest_effect":
    case "may_reach_smallest_effect":
    case "unclear":
    case "unknown":
      return [];
    default: {
      const never: never = reason;
      return never;
    }
  }
}

function byHand({ found }: Case): string {
  if (found.code === "too_small") return "A decision by hand: it is sure, and smaller than what you said matters.";
  const isOpen = found.reasons.some(({ code }) => code === "guardrail_not_shown" || code === "guardrail_unknown");
  return isOpen
    ? "A decision by hand, or a new experiment with the units that the guardrail needs."
    : "A decision by hand: weigh what went up against what went down.";
}

function moreUnits(own: Case): string {
  const { facts, found, inputs, missing, pace } = own;
  const { planned, units } = facts.progress;
  if (inputs.status === "ended") {
    return "Nothing in these data: run a new experiment with more units, or settle for a larger smallest effect.";
  }
  const { settings } = inputs.plan;
  if (facts.ended) {
    return `Nothing that this plan may read: by the method ${settings.method} no look is left. End the experiment.`;
  }
  const joining = pace === null ? "" : ` In the last days ${paceWords(pace)} joined a day.`;
  const needed = skewedUnits(facts);
  if (found.code === "collecting" && needed !== null && needed > units) {
    return `More units: it is read from about ${describeUnits(needed)} of both arms on.${joining}`;
  }
  if (found.code === "collecting") {
    return `More units: at least ${count(facts.units.minimum)} in every arm, with enough of them doing it.${joining}`;
  }
  if (missing !== null) {
    const isPlan = planned !== null && missing === planned - units;
    const look = inputs.plan.settings.method === "group" ? nextLook(own, units + missing) : null;
    const target = look
      ? ` until look ${look.number} of ${settings.looks}`
      : isPlan
        ? ` of the planned ${count(planned)}`
        : "";
    return `More units: about ${count(missing)} are missing${target}.${joining}`;
  }
  return `More units, which make the interval narrower.${joining}`;
}

/** From how many units of both arms on the first of the primary metrics is read that are too skewed now. */
function skewedUnits({ treatments }: Case["facts"]): number | null {
  const needs = treatments.flatMap(({ primary }) =>
    primary.flatMap(({ comparison: { state, needs } }) => (state === "too_skewed" && needs !== null ? [needs] : [])),
  );
  return needs.length === 0 ? null : Math.min(...needs);
}

function paceWords({ low, high }: NonNullable<Case["pace"]>): string {
  return low === high ? count(low) : `${count(low)} to ${count(high)}`;
}

function smallerEffect({ found }: Case): string {
  const sizes = found.reasons.flatMap((reason) => ("smallest" in reason ? [reason.smallest] : []));
  const size = sizes.length > 0 ? ` than ${formatFraction(Math.min(...sizes))}` : "";
  return `A new and larger experiment that is planned for a smaller effect${size}.`;
}
