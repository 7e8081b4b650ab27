import type { Interval, Outcome } from "../inference/result.ts";
import { type GuardrailFacts, readGuardrail } from "./guardrail.ts";
import type { DecisionReason, GuardrailReason } from "./reason.ts";

/** What a verdict needs to know of an interval; every `Interval` is one. */
export interface JudgedInterval {
  state: Interval["state"];
  estimate: number | null;
  low?: number | null;
  high?: number | null;
  reason?: string;
}

/** What a verdict needs to know of a comparison; every `Comparison` is one. */
export interface Judged {
  outcome: Outcome;
  /** The control's value, by which a margin becomes an amount where the lift has no ends. */
  control?: { value: number | null };
  difference: JudgedInterval;
  lift: JudgedInterval;
}

/** One treatment against the control; `C` is what is kept of a comparison, at least what is judged. */
export interface TreatmentFacts<C extends Judged = Judged> {
  /** Primary metrics; `smallestEffect` is the lift of interest, a fraction > 0, null when none was set. */
  primary: readonly { comparison: C; smallestEffect: number | null }[];
  guardrails: readonly GuardrailFacts<C>[];
  /** It has no share of the traffic: nothing is said of it, and nothing waits for it. */
  isClosed?: boolean | undefined;
}

export interface Judgement {
  index: number;
  /**
   * By the primary metrics: `win`, `loss`, `mixed`; `small`: a difference is sure and matters to nobody; `flat`: no
   * effect of interest; `open`: not decided yet. `broken`: a guardrail is, whatever they say.
   */
  state: "broken" | "win" | "loss" | "mixed" | "small" | "flat" | "open";
  reasons: DecisionReason[];
  /** What is known of each guardrail. */
  guardrails: GuardrailReason[];
}

function isWithin({ low, high }: JudgedInterval, smallest: number): boolean {
  return typeof low === "number" && typeof high === "number" && low > -smallest && high < smallest;
}

function judgeMetric({ comparison, smallestEffect }: TreatmentFacts["primary"][number], at: Place): DecisionReason {
  const { outcome, lift } = comparison;
  const smallest = smallestEffect !== null && smallestEffect > 0 ? smallestEffect : null;
  const isSmall = smallest !== null && isWithin(lift, smallest);
  switch (outcome) {
    case "better":
      return isSmall ? { code: "better_but_small", smallest, ...at } : { code: outcome, ...at };
    case "worse":
      return isSmall ? { code: "worse_but_small", smallest, ...at } : { code: outcome, ...at };
    case "unknown":
      return { code: outcome, ...at };
    case "unclear":
      if (smallest === null) return { code: outcome, ...at };
      return { code: isSmall ? "within_smallest_effect" : "may_reach_smallest_effect", smallest, ...at };
    default: {
      const never: never = outcome;
      return never;
    }
  }
}

type Place = Pick<GuardrailReason, "treatment" | "metric">;

function stateOf(reasons: readonly DecisionReason[]): Judgement["state"] {
  const has = (...codes: DecisionReason["code"][]) => reasons.some(({ code }) => codes.includes(code));
  if (has("better")) return has("worse") ? "mixed" : "win";
  if (has("worse")) return "loss";
  if (reasons.length === 0 || has("unclear", "unknown", "may_reach_smallest_effect")) return "open";
  return has("better_but_small", "worse_but_small") ? "small" : "flat";
}

/** One treatment by itself. Guardrails may be read at any time; primary metrics when `readable`. */
export function judgeTreatment(facts: TreatmentFacts, index: number, readable: boolean): Judgement {
  const guardrails = facts.guardrails.map((guardrail, metric): GuardrailReason => {
    return { ...readGuardrail(guardrail), treatment: index, metric };
  });
  const broken = guardrails.filter(({ code }) => code === "guardrail_broken");
  if (broken.length > 0) return { index, state: "broken", reasons: broken, guardrails };
  if (!readable) return { index, state: "open", reasons: [], guardrails };
  const reasons = facts.primary.map((metric, place) => judgeMetric(metric, { treatment: index, metric: place }));
  return { index, state: stateOf(reasons), reasons, guardrails };
}
