import type { Interval, Outcome } from "../inference/result.ts";
import type { Reason } from "./reason.ts";

/** What a verdict needs to know of an interval; every `Interval` is one. */
interface JudgedInterval {
  state: Interval["state"];
  estimate: number | null;
  low?: number | null;
  high?: number | null;
}

/** What a verdict needs to know of a comparison; every `Comparison` is one. */
export interface Judged {
  outcome: Outcome;
  difference: JudgedInterval;
  lift: JudgedInterval;
}

/** One treatment against the control; `C` is what is kept of a comparison, at least what is judged. */
export interface TreatmentFacts<C extends Judged = Judged> {
  /** Primary metrics; `smallestEffect` is the lift of interest, a fraction > 0, null when none was set. */
  primary: readonly { comparison: C; smallestEffect: number | null }[];
  /** Guardrails, one-sided for harm; `margin` is the harm that is borne, as a fraction of the control's mean. */
  guardrails: readonly { comparison: C; margin: number; direction: "increase" | "decrease" }[];
}

export interface Judgement {
  index: number;
  /** `broken`: a guardrail is; `flat`: no effect of interest in any primary metric; `open`: not decided yet. */
  state: "broken" | "win" | "loss" | "mixed" | "flat" | "open";
  reasons: Reason[];
}

/** Is the harm surely larger than the margin? The interval's hopeful end lies beyond it. */
function isBroken({ comparison, margin, direction }: TreatmentFacts["guardrails"][number]): boolean {
  if (comparison.outcome !== "worse") return false;
  if (!(margin > 0)) return true;
  const { lift } = comparison;
  if (direction === "increase") return (lift.high ?? 0) < -margin;
  return (lift.low ?? 0) > margin;
}

function isWithin({ low, high }: JudgedInterval, smallest: number): boolean {
  return typeof low === "number" && typeof high === "number" && low > -smallest && high < smallest;
}

function judgePrimary(facts: TreatmentFacts, index: number): Judgement {
  const reasons = facts.primary.map(({ comparison, smallestEffect }, metric): Reason => {
    const { outcome, lift } = comparison;
    const at = { treatment: index, metric };
    if (outcome !== "unclear") return { code: outcome, ...at };
    if (smallestEffect === null || !(smallestEffect > 0)) return { code: "unclear", ...at };
    const code = isWithin(lift, smallestEffect) ? "within_smallest_effect" : "may_reach_smallest_effect";
    return { code, ...at, smallest: smallestEffect };
  });
  const has = (code: Reason["code"]) => reasons.some((reason) => reason.code === code);
  const settled = reasons.length > 0 && reasons.every(({ code }) => code === "within_smallest_effect");
  const state = has("better") ? (has("worse") ? "mixed" : "win") : has("worse") ? "loss" : settled ? "flat" : "open";
  return { index, state, reasons };
}

/** Guardrails may be read at any time; primary metrics when `readable`. */
export function judgeTreatment(facts: TreatmentFacts, index: number, readable: boolean): Judgement {
  const broken = facts.guardrails.flatMap((guardrail, metric): Reason[] =>
    isBroken(guardrail) ? [{ code: "guardrail_broken", treatment: index, metric, margin: guardrail.margin }] : [],
  );
  if (broken.length > 0) return { index, state: "broken", reasons: broken };
  return readable ? judgePrimary(facts, index) : { index, state: "open", reasons: [] };
}
