/** A health check that failed; the caller found it. */
export type HealthProblem =
  | "split"
  | "several_variants"
  | "missing_rows"
  | "pre_period_difference"
  | "no_data"
  | "stale_data"
  | "settings_changed";

/** A metric of a treatment: their places in the facts, of the guardrails for a guardrail's reason. */
interface Place {
  treatment: number;
  metric: number;
}

/** Why a verdict is what it is, or what would change it, with the numbers that a sentence needs. */
export type DecisionReason =
  | { code: "health"; problem: HealthProblem }
  | { code: "too_few_units"; units: number; minimum: number }
  | ({ code: "better" | "worse" | "unclear" | "unknown" } & Place)
  | ({ code: "within_smallest_effect" | "may_reach_smallest_effect"; smallest: number } & Place)
  /** A difference is sure, and so is that it is smaller than what matters. */
  | ({ code: "better_but_small" | "worse_but_small"; smallest: number } & Place)
  | GuardrailReason
  /** Winners against each other, by the metric that the first one won by. */
  | ({ code: "better_than" | "not_told_apart"; other: number } & Place)
  | { code: SimpleCode };

/**
 * What is known of a guardrail: harm beyond its margin is shown; less harm than its margin is shown; neither is; no harm
 * is proven and it asks for no more; nothing is known of it yet; no data have come.
 */
export type GuardrailReason = {
  code:
    | "guardrail_broken"
    | "guardrail_shown"
    | "guardrail_not_shown"
    | "guardrail_no_harm"
    | "guardrail_unknown"
    | "guardrail_not_received";
  margin: GuardrailMargin;
  /** By how many times the units must grow until it is shown, if its value stays; null where that is unknown. */
  times: number | null;
} & Place;

/** The harm that is tolerated: a fraction of the control's mean, or in the metric's own unit. */
export type GuardrailMargin = { relative: number } | { absolute: number };

/** Reasons without a number. */
export type SimpleCode =
  | "nothing_known"
  | "not_readable_yet"
  | "ended_undecided"
  | "health_restored"
  | "data_received"
  | "change_treatment"
  | "more_units"
  | "planned_end"
  | "guardrail_breach"
  | "decide_by_hand"
  | "smaller_effect_of_interest";
