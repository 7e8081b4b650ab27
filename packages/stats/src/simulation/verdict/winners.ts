import type { Conversions } from "../../arms/simple.ts";
import { type AnalysisSettings, analyseMetrics, type MetricInput } from "../../inference/analyse.ts";
import type { Comparison } from "../../inference/result.ts";
import { type Between, type DecidedVerdict, decideVerdict } from "../../verdict/decide.ts";
import { binomial, type Random, times } from "../random.ts";
import { ALPHA, fixed, LOOKS, type Scenario, sequence } from "../scenario.ts";

const RATE = 0.3;

interface World {
  /** Lifts of the treatments. */
  lifts: readonly number[];
  smallest: number;
  arm: number;
  looks: number;
  settings: AnalysisSettings;
}

/** Every pair of treatments, the one with the higher rate against the other, corrected together. */
function compareTreatments(arms: readonly Conversions[], settings: AnalysisSettings): Between[] {
  const treatments = arms.slice(1);
  const pairs = treatments.flatMap((arm, i) =>
    treatments.slice(i + 1).map((other, k) => {
      const [first, second] = [i, i + 1 + k];
      return arm.converted >= other.converted
        ? { treatment: first, other: second }
        : { treatment: second, other: first };
    }),
  );
  const metrics = pairs.map(({ treatment, other }): MetricInput => {
    const of = [other, treatment].flatMap((index) => treatments.slice(index, index + 1));
    return { kind: "conversion", arms: of, role: "primary", direction: "increase" };
  });
  const found = analyseMetrics(metrics, settings);
  return pairs.flatMap((pair, index) =>
    (found[index]?.comparisons ?? []).map((comparison) => ({ ...pair, metric: 0, comparison })),
  );
}

function verdictOf(primary: readonly Comparison[], between: Between[], n: number, smallest: number): DecidedVerdict {
  return decideVerdict({
    health: [],
    units: { smallestArm: n, minimum: 100 },
    readable: true,
    ended: false,
    treatments: primary.map((comparison) => ({ primary: [{ comparison, smallestEffect: smallest }], guardrails: [] })),
    between,
  });
}

function verdictsIn(random: Random, { lifts, smallest, arm, looks, settings }: World): DecidedVerdict[] {
  const rates = [0, ...lifts].map((lift) => RATE * (1 + lift));
  const counts = rates.map(() => 0);
  return times(looks, (look) => {
    const n = Math.round((arm * (look + 1)) / looks);
    const more = n - Math.round((arm * look) / looks);
    const arms = counts.map((count, index) => {
      counts[index] = count + binomial(random, more, rates[index] ?? 0);
      return { n, converted: counts[index] };
    });
    const [found] = analyseMetrics([{ kind: "conversion", arms, role: "primary", direction: "increase" }], settings);
    return verdictOf(found?.comparisons ?? [], compareTreatments(arms, settings), n, smallest);
  });
}

const tiny = (lift: number): World => ({ lifts: [lift], smallest: 0.05, arm: 4e7, looks: 1, settings: fixed });
const equals: World = { lifts: [0.3, 0.3, 0.3], smallest: 0.05, arm: 4_000, looks: LOOKS, settings: sequence(8_000) };
const isSaid = (verdicts: readonly DecidedVerdict[], code: DecidedVerdict["code"]) =>
  verdicts.some((verdict) => verdict.code === code);
const saysBetter = ({ reasons }: DecidedVerdict) => reasons.some(({ code }) => code === "better_than");

/** "Ship" is for effects that matter, and the best of several winners is distinguished or not said to be. */
export const winners: Scenario[] = [
  {
    name: "a lift of 0.2 % where 5 % matter",
    what: "too_small",
    level: 0.95,
    promise: "at_least",
    happens: (random) => isSaid(verdictsIn(random, tiny(0.002)), "too_small"),
  },
  {
    name: "a lift of -0.2 % where 5 % matter",
    what: "roll back",
    level: ALPHA,
    promise: "at_most",
    happens: (random) => isSaid(verdictsIn(random, tiny(-0.002)), "roll_back"),
  },
  {
    name: "a lift of 0.2 % where 5 % matter",
    what: "ship",
    level: ALPHA,
    promise: "at_most",
    happens: (random) => isSaid(verdictsIn(random, tiny(0.002)), "ship"),
  },
  {
    name: "three winners alike, 20 looks",
    what: "one better than another",
    level: ALPHA,
    promise: "at_most",
    happens: (random) => verdictsIn(random, equals).some(saysBetter),
    cost: 2,
  },
  {
    name: "three winners, one better by 23 %",
    what: "better than another",
    level: 0.8,
    promise: "at_least",
    happens: (random) => verdictsIn(random, { ...equals, lifts: [0.6, 0.3, 0.3] }).some(saysBetter),
    cost: 4,
  },
];
