import { analyseMetrics, type MetricInput } from "../../inference/analyse.ts";
import type { Comparison } from "../../inference/result.ts";
import { runningResult } from "../../inference/running.ts";
import { type DecidedVerdict, decideVerdict, type VerdictFacts } from "../../verdict/decide.ts";
import { binomial, type Random, times } from "../random.ts";
import { ALPHA, LOOKS, planned, type Scenario, sequence } from "../scenario.ts";

const PER_LOOK = 100;
/** Users of two arms at the end. */
const PAIR = 2 * PER_LOOK * LOOKS;
const RATE = 0.3;
const SMALLEST = 0.2;

const watched = { kind: "sequence", plannedUnits: PAIR } as const;

/** Lifts of the two treatments: of two primary metrics and one guardrail. */
type Truth = readonly [first: Lifts, second: Lifts];
type Lifts = readonly [number, number, number];
const NONE: Lifts = [0, 0, 0];

/** Three arms, two primary metrics and a guardrail, judged at each of 20 looks by running results. */
function verdicts(random: Random, truth: Truth): DecidedVerdict[] {
  const rates = [NONE, ...truth].map((lifts) => lifts.map((lift) => RATE * (1 + lift)));
  const counts = rates.map((arm) => arm.map(() => 0));
  let before: Comparison[][] = [];
  return times(LOOKS, (look) => {
    const n = (look + 1) * PER_LOOK;
    for (const [a, arm] of counts.entries())
      for (const [m, count] of arm.entries()) arm[m] = count + binomial(random, PER_LOOK, rates[a]?.[m] ?? 0);
    const metrics = times(3, (m): MetricInput => {
      const arms = counts.map((arm) => ({ n, converted: arm[m] ?? 0 }));
      return { kind: "conversion", arms, role: m === 2 ? "guardrail" : "primary", direction: "increase" };
    });
    const now = analyseMetrics(metrics, sequence(PAIR)).map(({ comparisons }) => comparisons);
    before = now.map((list, m) => list.map((found, t) => runningResult(before[m]?.[t] ?? null, found)));
    return decideVerdict(factsOf(before, n));
  });
}

function factsOf([first = [], second = [], guardrail = []]: Comparison[][], n: number): VerdictFacts {
  const treatments = first.map((comparison, t) => ({
    primary: [comparison, ...second.slice(t, t + 1)].map((found) => ({ comparison: found, smallestEffect: SMALLEST })),
    guardrails: guardrail
      .slice(t, t + 1)
      .map((found) => ({ comparison: found, margin: 0, direction: "increase" as const })),
  }));
  return {
    health: [],
    units: { smallestArm: n, minimum: 100 },
    readable: true,
    ended: false,
    treatments,
  };
}

function ever(truth: Truth, isIt: (verdict: DecidedVerdict) => boolean): Scenario["happens"] {
  return (random) => verdicts(random, truth).some(isIt);
}

const codes =
  (...wanted: DecidedVerdict["code"][]) =>
  (verdict: DecidedVerdict) =>
    wanted.includes(verdict.code);

/** What the verdict says at any of 20 looks: three arms, two primary metrics, one guardrail, conversions at 30 %. */
export const verdictErrors: Scenario[] = [
  {
    name: "verdict, no effect: any of 20 looks",
    what: "ship",
    level: ALPHA,
    promise: "at_most",
    happens: ever([NONE, NONE], codes("ship")),
  },
  {
    // The primary family's alpha, and that of the guardrail in each of the two treatments.
    name: "verdict, no effect: any of 20 looks",
    what: "ship or roll back",
    level: 3 * ALPHA,
    promise: "at_most",
    happens: ever([NONE, NONE], codes("ship", "roll_back")),
  },
  {
    name: "verdict, one effect as large as the smallest",
    what: "no_difference",
    level: ALPHA,
    promise: "at_most",
    happens: ever([[SMALLEST, 0, 0], NONE], codes("no_difference")),
  },
  {
    name: "verdict, no effect: any of 20 looks",
    what: "no_difference",
    level: 0.5,
    promise: "none",
    happens: ever([NONE, NONE], codes("no_difference")),
  },
  {
    name: "verdict, one of two treatments better by 20 %",
    what: "ships the other",
    level: ALPHA,
    promise: "at_most",
    happens: ever([[SMALLEST, 0, 0], NONE], ({ code, treatment }) => code === "ship" && treatment === 1),
  },
  {
    // At least the power of one test in four at the end, by the formula.
    name: "verdict, one of two treatments better by 20 %",
    what: "ship",
    level: planned(RATE, SMALLEST, PAIR, { method: watched, comparisons: 4 }),
    promise: "at_least",
    happens: ever([[SMALLEST, 0, 0], NONE], codes("ship")),
  },
  {
    name: "verdict, a guardrail worse by 20 %",
    what: "roll_back",
    level: planned(RATE, -SMALLEST, PAIR, { method: watched }),
    promise: "at_least",
    happens: ever([[0, 0, -SMALLEST], NONE], codes("roll_back")),
  },
];
