import type { GuardrailMargin, GuardrailReason } from "./reason.ts";
import type { Judged, JudgedInterval } from "./treatment.ts";

/** A guardrail of one treatment, and what "Ship" needs of it. */
export interface GuardrailFacts<C extends Judged = Judged> {
  comparison: C;
  /** Harm that it tolerates, a fraction of the control's mean; 0 tolerates none, and blocks only on proven harm. */
  margin: number;
  /** The same in the metric's own unit, in place of `margin`: for a control's mean near 0. */
  absoluteMargin?: number | null | undefined;
  /** Which way is good. */
  direction: "increase" | "decrease";
  /** `no_harm`: no proven harm is enough, as in plans that were frozen under that rule. Default `shown`. */
  needs?: "shown" | "no_harm" | undefined;
  /**
   * False when its data should have come from every arm and did not. True when they came, or are not due yet: then an arm
   * without data is not known yet. Left out, an arm without data is one from which none came.
   */
  isReceived?: boolean | undefined;
  /** Nothing at all was seen in either arm yet: that shows nothing. */
  isSilent?: boolean | undefined;
}

/** Ends of the harm, larger is worse, in the margin's unit; null where they are not known. */
interface Harm {
  estimate: number | null;
  /** At least so much harm, and at most. */
  least: number | null;
  most: number | null;
  borne: number;
}

function harmIn({ estimate, low = null, high = null }: JudgedInterval, borne: number, harmIsUp: boolean): Harm {
  const turn = (value: number | null) => (value === null ? null : -value);
  return harmIsUp
    ? { estimate, least: low, most: high, borne }
    : { estimate: turn(estimate), least: turn(high), most: turn(low), borne };
}

const hasEnds = ({ state }: JudgedInterval) => state === "bounded" || state === "one_sided";

export function marginOf({ margin, absoluteMargin = null }: GuardrailFacts): GuardrailMargin {
  return absoluteMargin === null ? { relative: margin } : { absolute: absoluteMargin };
}

/**
 * The harm beside what is tolerated of it. A fraction of the control's mean is asked of the lift's interval (Fieller:
 * the test of T - (1 - m) C); where that has no ends, of the difference against the fraction of the mean as it stands.
 */
function harmOf(facts: GuardrailFacts): Harm | null {
  const { comparison, direction } = facts;
  const { difference, lift, control } = comparison;
  const margin = marginOf(facts);
  const harmIsUp = direction === "decrease";
  if ("absolute" in margin) return hasEnds(difference) ? harmIn(difference, margin.absolute, harmIsUp) : null;
  if (hasEnds(lift)) return harmIn(lift, margin.relative, harmIsUp);
  if (!hasEnds(difference)) return null;
  const mean = control?.value ?? null;
  if (mean === null && margin.relative > 0) return null;
  const harm = harmIn(difference, margin.relative * Math.abs(mean ?? 0), harmIsUp);
  // The mean as it stands may be larger than it is: by it no harm within the margin is shown, unless there is none at all.
  return harm.most !== null && harm.most > 0 && margin.relative > 0 ? { ...harm, most: null } : harm;
}

/** By how many times units must grow until the interval's hopeless end is inside the margin, if the value stays. */
function timesUntilShown({ estimate, most, borne }: Harm): number | null {
  if (estimate === null || most === null || !(borne > estimate)) return null;
  const ratio = (most - estimate) / (borne - estimate);
  return Number.isFinite(ratio) ? Math.max(1, ratio * ratio) : null;
}

/** What is known of a guardrail. Unknown is never fine: a state of its own that blocks "Ship". */
export function readGuardrail(facts: GuardrailFacts): Pick<GuardrailReason, "code" | "margin" | "times"> {
  const margin = marginOf(facts);
  const say = (code: GuardrailReason["code"], times: number | null = null) => ({ code, margin, times });
  const harm = harmOf(facts);
  if (harm?.least != null && harm.least > harm.borne) return say("guardrail_broken");
  const { difference } = facts.comparison;
  const isMissing = difference.state === "unknown" && difference.reason === "no_data";
  if (facts.isReceived === false || (isMissing && facts.isReceived === undefined)) return say("guardrail_not_received");
  if (!harm || facts.isSilent) return say("guardrail_unknown");
  // Without the end that would show harm, the lack of proof says nothing.
  const isBlind = harm.least === null && difference.state === "one_sided";
  const size = "absolute" in margin ? margin.absolute : margin.relative;
  if (!(size > 0) || facts.needs === "no_harm") {
    return say(isBlind ? "guardrail_unknown" : "guardrail_no_harm");
  }
  if (harm.most !== null && harm.most < harm.borne) return say("guardrail_shown");
  return say("guardrail_not_shown", timesUntilShown(harm));
}
