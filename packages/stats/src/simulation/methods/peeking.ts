import type { AnalysisSettings, MetricInput } from "../../inference/analyse.ts";
import { logSequenceP } from "../../inference/formulas/confidence-sequence.ts";
import type { Sides } from "../../inference/method.ts";
import { mergeMoments, momentsOf } from "../../moments/moments.ts";
import type { PlannedMethod } from "../../power/plan.ts";
import { binomial, gaussian, type Random, times } from "../random.ts";
import {
  ALPHA,
  compareMetric,
  falsePositives,
  finds,
  fixed,
  LOOKS,
  missedLifts,
  planned,
  type Scenario,
  type SimulatedExperiment,
  sequence,
} from "../scenario.ts";

interface Peeks {
  /** Rate of the control. */
  rate: number;
  /** New users of each arm from look to look. */
  perLook: number;
  /** One for each look. */
  looks: readonly AnalysisSettings[];
  role?: MetricInput["role"];
}

/** Conversions, looked at as often as there are settings. */
function conversions({ rate, perLook, looks, role }: Peeks): SimulatedExperiment {
  return (random, lift) => {
    const arms = [
      { n: 0, converted: 0 },
      { n: 0, converted: 0 },
    ];
    return looks.flatMap((settings) => {
      for (const [i, arm] of arms.entries()) {
        arm.n += perLook;
        arm.converted += binomial(random, perLook, rate * (1 + (i === 1 ? lift : 0)));
      }
      return compareMetric({ kind: "conversion", arms: arms.map((arm) => ({ ...arm })) }, settings, role);
    });
  };
}

/** Means of a skewed value, looked at 20 times. */
const skewedMeans: SimulatedExperiment = (random, lift) => {
  let [control, treatment] = [momentsOf([]), momentsOf([])];
  return times(LOOKS, () => {
    const more = (scale: number) => momentsOf(times(100, () => scale * Math.exp(0.5 * gaussian(random))));
    control = mergeMoments(control, more(1));
    treatment = mergeMoments(treatment, more(1 + lift));
    return compareMetric({ kind: "mean", arms: [control, treatment] }, sequence(4_000));
  }).flat();
};

/**
 * The z of a null effect at every half per cent more users, from 100 to a million, judged by a sequence whose N* is the
 * given one, or moves along with the users so that the interval is at its tightest at every look.
 */
function alwaysWatched(random: Random, plannedUnits: number | null): boolean {
  let [users, score] = [100, 10 * gaussian(random)];
  while (users < 1e6) {
    const own = { alpha: ALPHA, plannedUnits: plannedUnits ?? users, sides: "two" } as const;
    if (logSequenceP(score / Math.sqrt(users), users, own) < Math.log(ALPHA)) return true;
    score += Math.sqrt(0.005 * users) * gaussian(random);
    users *= 1.005;
  }
  return false;
}

const UNITS = 4_000;
const always = times(LOOKS, () => sequence(UNITS));
const fractions = [0.2, 0.4, 0.6, 0.8, 1];
const groupLooks = fractions.map((_, i): AnalysisSettings => {
  return { method: { kind: "group", fractions: fractions.slice(0, i + 1) }, alpha: ALPHA };
});
const once = conversions({ rate: 0.1, perLook: 800, looks: [fixed] });
const atTheEnd = conversions({ rate: 0.1, perLook: UNITS / 2, looks: [fixed] });
const peeked = conversions({ rate: 0.1, perLook: 100, looks: always });
const guarded = conversions({ rate: 0.1, perLook: 100, looks: always, role: "guardrail" });
const rare = conversions({ rate: 0.002, perLook: 100, looks: always });
const grouped = conversions({ rate: 0.1, perLook: 400, looks: groupLooks });

const LIFT = 0.28;

/** The same tests of the good direction only, with all of the error on its side. */
const oneSided = (looks: readonly AnalysisSettings[]) =>
  looks.map((settings): AnalysisSettings => ({ ...settings, sides: "one" }));
const onceOneSided = conversions({ rate: 0.1, perLook: UNITS / 2, looks: oneSided([fixed]) });
const peekedOneSided = conversions({ rate: 0.1, perLook: 100, looks: oneSided(always) });
const groupedOneSided = conversions({ rate: 0.1, perLook: 400, looks: oneSided(groupLooks) });

const power = (method: PlannedMethod, sides: Sides = "two") => planned(0.1, LIFT, UNITS, { method, sides });

/** When one looks, and what it costs. */
export const peeking: Scenario[] = [
  falsePositives("conversions, fixed", once, "about"),
  missedLifts("conversions, fixed", once, 0.3, "about"),
  falsePositives(
    "conversions, fixed, but read 20 times",
    conversions({ rate: 0.1, perLook: 100, looks: times(LOOKS, () => fixed) }),
    "none",
  ),
  falsePositives("conversions, sequence, 20 looks", peeked, "at_most"),
  missedLifts("conversions, sequence, 20 looks", peeked, 0.3, "at_most"),
  falsePositives("0.2 % convert, sequence, 20 looks", rare, "at_most"),
  missedLifts("0.2 % convert, sequence, 20 looks", rare, 1, "at_most"),
  {
    name: "sequence, watched from 100 to 1,000,000 users",
    what: "false positives",
    level: ALPHA,
    promise: "at_most",
    happens: (random) => alwaysWatched(random, 10_000),
  },
  {
    name: "the same, N* moved along with the users",
    what: "false positives",
    level: ALPHA,
    promise: "none",
    happens: (random) => alwaysWatched(random, null),
  },
  falsePositives("skewed means, sequence, 20 looks", skewedMeans, "at_most"),
  missedLifts("skewed means, sequence, 20 looks", skewedMeans, 0.1, "at_most"),
  falsePositives("conversions, guardrail, 20 looks", guarded, "at_most"),
  falsePositives("conversions, group sequential, 5 looks", grouped, "about"),
  finds("a lift of 28 %, fixed", atTheEnd, LIFT, power({ kind: "fixed" }), "about"),
  finds("a lift of 28 %, group, any of 5 looks", grouped, LIFT, power({ kind: "group", fractions }), "about"),
  finds(
    "a lift of 28 %, sequence, any of 20 looks",
    peeked,
    LIFT,
    power({ kind: "sequence", plannedUnits: UNITS }),
    "at_least",
  ),
  falsePositives("conversions, fixed, one-sided", onceOneSided, "about"),
  falsePositives("conversions, group sequential, 5 looks, one-sided", groupedOneSided, "about"),
  falsePositives("conversions, sequence, 20 looks, one-sided", peekedOneSided, "at_most"),
  finds("a lift of 28 %, fixed, one-sided", onceOneSided, LIFT, power({ kind: "fixed" }, "one"), "about"),
  finds(
    "a lift of 28 %, group, any of 5 looks, one-sided",
    groupedOneSided,
    LIFT,
    power({ kind: "group", fractions }, "one"),
    "about",
  ),
  finds(
    "a lift of 28 %, sequence, any of 20 looks, one-sided",
    peekedOneSided,
    LIFT,
    power({ kind: "sequence", plannedUnits: UNITS }, "one"),
    "at_least",
  ),
];
