import type { Reason } from "@telltale/stats";
import { type Case, nextReading } from "./case.ts";
import { count, percent } from "./words.ts";

/** What would change the verdict, as a sentence. */
export function wouldChangeSentence(own: Case, reason: Reason): string[] {
  const isRunning = own.inputs.status === "running";
  switch (reason.code) {
    case "health_restored":
      return ["The verdict comes back when no check fails any more."];
    case "change_treatment":
      return ["Nothing in these data: change the treatment and test it again."];
    case "more_units":
      return [moreUnits(own)];
    case "planned_end":
      return [`The result at ${nextReading(own)}; until then only a broken guardrail changes it.`];
    case "guardrail_breach":
      return [
        isRunning
          ? "A guardrail that breaks while the experiment goes on."
          : "Nothing in these data: the experiment has ended.",
      ];
    case "decide_by_hand":
      return ["A decision by hand: weigh what went up against what went down."];
    case "smaller_effect_of_interest":
      return [smallerEffect(own)];
    case "health":
    case "too_few_units":
    case "nothing_known":
    case "not_readable_yet":
    case "ended_undecided":
    case "better":
    case "worse":
    case "guardrail_broken":
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

function moreUnits({ facts, found, inputs }: Case): string {
  const { planned, perDay } = facts.progress;
  if (inputs.status === "ended") {
    return "Nothing in these data: run a new experiment with more units, or settle for a larger smallest effect.";
  }
  const { settings } = inputs.plan;
  if (facts.ended) {
    return `Nothing that this plan may read: by the method ${settings.method} no look is left. End the experiment.`;
  }
  if (found.code === "collecting") {
    return `More units: at least ${count(facts.units.minimum)} in every arm, with enough of them doing it.`;
  }
  const pace = perDay === null ? "" : ` At present ${count(perDay)} a day join.`;
  return planned === null || planned <= facts.progress.units
    ? `More units, which make the interval narrower.${pace}`
    : `More units: ${count(planned - facts.progress.units)} are missing of the planned ${count(planned)}.${pace}`;
}

function smallerEffect({ found }: Case): string {
  const sizes = found.reasons.flatMap((reason) => ("smallest" in reason ? [reason.smallest] : []));
  const size = sizes.length > 0 ? ` than ${percent(Math.min(...sizes))}` : "";
  return `A new and larger experiment that is planned for a smaller effect${size}.`;
}
