import type { AnalysisPlan, Comparison } from "@telltale/control";
import { analyseMetric, type Comparison as Found, type Interval, type Settings } from "@telltale/stats";

interface Counts {
  units: number;
  converted: number;
}

/** Read once, at the planned end. */
const settings: Settings = { method: { kind: "fixed" }, alpha: 0.05 };

/** A treatment's conversions against the control's, as snapshots keep it. */
export function compareCounts(
  control: Counts,
  treatment: Counts,
  direction: AnalysisPlan["metrics"][number]["direction"],
): Comparison {
  const arms = [control, treatment].map(({ units, converted }) => ({ n: units, converted }));
  const [found] = analyseMetric({ kind: "conversion", role: "primary", direction, arms }, settings).comparisons;
  if (!found) throw new Error("Two arms make one comparison.");
  return asStored(found);
}

function asStored(found: Found): Comparison {
  const { difference } = found;
  return {
    control: { n: found.control.n, rate: found.control.value },
    treatment: { n: found.treatment.n, rate: found.treatment.value },
    difference: difference.state === "bounded" ? ends(difference) : null,
    lift: storedLift(found.lift),
    p: found.p,
    state: stateOf(found),
    confidence: 1 - settings.alpha,
    verdict: found.outcome,
  };
}

function ends({ estimate, low, high }: { estimate: number; low: number; high: number }) {
  return { estimate, low, high };
}

function storedLift(lift: Interval): Comparison["lift"] {
  switch (lift.state) {
    case "bounded":
      return { state: "bounded", ...ends(lift) };
    case "unbounded":
      return { state: "unbounded", estimate: lift.estimate };
    case "one_sided":
      return { state: "undefined", reason: "One end of the interval only is known." };
    case "unknown":
      return { state: "undefined", reason: REASONS[lift.reason] };
    default: {
      const never: never = lift;
      return never;
    }
  }
}

const REASONS: Record<Extract<Interval, { state: "unknown" }>["reason"], string> = {
  no_data: "A group has nobody in it yet.",
  not_enough_data: "A group has too few people in it yet.",
  zero_variance: "Everybody did the same, so there is nothing to compare.",
  zero_denominator: "A group's denominator is 0.",
  zero_baseline: "Nobody in the control group converted, so there is nothing to compare with.",
  impossible: "These counts cannot be: conversions must be between 0 and the number of units.",
  out_of_range: "These numbers are too large to compute with.",
  precision_lost: "These sums are too large beside the spread.",
  drifted: "The effect changed while it was measured.",
};

function stateOf({ state, warnings }: Found): Comparison["state"] {
  switch (state) {
    case "ok":
      return warnings.includes("few_conversions") ? "few-conversions" : "ok";
    case "zero_variance":
      return "no-variance";
    case "no_data":
    case "not_enough_data":
    case "zero_denominator":
      return "no-data";
    case "impossible":
    case "out_of_range":
    case "precision_lost":
      return "impossible";
    default: {
      const never: never = state;
      return never;
    }
  }
}
