/** A health check that failed; the caller found it. */
export type HealthProblem =
  | "split"
  | "several_variants"
  | "missing_rows"
  | "pre_period_difference"
  | "no_data"
  | "stale_data"
  | "settings_changed";

/** Why a verdict is what it is, or what would change it, with the numbers that a sentence needs. */
export type Reason =
  | { code: "health"; problem: HealthProblem }
  | { code: "too_few_units"; units: number; minimum: number }
  | { code: "better" | "worse"; treatment: number; metric: number }
  | { code: "guardrail_broken"; treatment: number; metric: number; margin: number }
  | {
      code: "within_smallest_effect" | "may_reach_smallest_effect";
      treatment: number;
      metric: number;
      smallest: number;
    }
  | { code: "unclear" | "unknown"; treatment: number; metric: number }
  | { code: SimpleCode };

/** Reasons without a number. */
export type SimpleCode =
  | "nothing_known"
  | "not_readable_yet"
  | "ended_undecided"
  | "health_restored"
  | "change_treatment"
  | "more_units"
  | "planned_end"
  | "guardrail_breach"
  | "decide_by_hand"
  | "smaller_effect_of_interest";
