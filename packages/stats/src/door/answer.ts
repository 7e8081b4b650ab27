import { estimateArms, type MetricArms } from "../arms/metric.ts";
import { type BanditArm, type ThompsonOptions, thompsonWeights } from "../bandit/thompson-weights.ts";
import { analyseMetric, analyseMetrics, type MetricInput, type Settings } from "../inference/analyse.ts";
import { groupBoundaries } from "../inference/group-sequential.ts";
import type { Comparison } from "../inference/result.ts";
import { runningResult } from "../inference/running.ts";
import { momentsFromSums, momentsOf, type Sums } from "../moments/moments.ts";
import { pairMomentsOf } from "../moments/pair-moments.ts";
import { duration, powerByWeek } from "../power/duration.ts";
import type { Plan } from "../power/plan.ts";
import { detectableEffect, type Effect, powerOf, requiredUnits } from "../power/size.ts";
import { baselineOf } from "../power/spread.ts";
import { sequentialSplit } from "../split/sequential-split.ts";
import { splitCheck } from "../split/split-check.ts";
import { decide, type VerdictFacts } from "../verdict/decide.ts";

/** What a case of each name carries beside `case` and `id`; see the README for an example of each. */
export interface Cases {
  analyse: { metrics: MetricInput[]; settings: Settings };
  running: { looks: MetricInput[]; settings: Settings };
  arms: { metric: MetricArms };
  moments: { values: number[] } | { pairs: [number, number][] } | { sums: Sums };
  split: { counts: number[]; weights: number[] };
  sequential_split: { counts: number[]; weights: number[]; alpha?: number; before?: number; concentration?: number };
  boundaries: { fractions: number[]; alpha: number };
  baseline: { metric: MetricArms };
  units: { plan: Plan; effect: Effect; power?: number };
  power: { plan: Plan; effect: Effect; units: number };
  effect: { plan: Plan; units: number; power?: number; sign?: 1 | -1 };
  duration: { plan: Plan; effect: Effect; unitsByWeek: number[]; power?: number };
  thompson: { arms: BanditArm[]; options: ThompsonOptions };
  verdict: { facts: VerdictFacts };
}

type Answers = { [Name in keyof Cases]: (asked: Cases[Name]) => unknown };

const answers: Answers = {
  analyse: ({ metrics, settings }) => analyseMetrics(metrics, settings),
  running: ({ looks, settings }) => runningOver(looks, settings),
  arms: ({ metric }) => estimateArms(metric),
  moments: (asked) => {
    if ("values" in asked) return momentsOf(asked.values);
    return "pairs" in asked ? pairMomentsOf(asked.pairs) : momentsFromSums(asked.sums);
  },
  split: ({ counts, weights }) => splitCheck(counts, weights),
  sequential_split: ({ counts, weights, ...options }) => sequentialSplit(counts, weights, options),
  boundaries: ({ fractions, alpha }) => groupBoundaries(fractions, alpha),
  baseline: ({ metric }) => baselineOf(metric),
  units: ({ plan, effect, power }) => requiredUnits(plan, effect, power),
  power: ({ plan, effect, units }) => powerOf(plan, effect, units),
  effect: ({ plan, units, ...options }) => detectableEffect(plan, units, options),
  duration: ({ plan, effect, unitsByWeek, power }) => ({
    duration: duration(plan, effect, unitsByWeek, power),
    weeks: powerByWeek(plan, effect, unitsByWeek, power),
  }),
  thompson: ({ arms, options }) => thompsonWeights(arms, options),
  verdict: ({ facts }) => decide(facts),
};

/** The running result of each treatment over the looks of one metric, in their order. */
function runningOver(looks: readonly MetricInput[], settings: Settings): Comparison[] {
  return looks.reduce<Comparison[]>((before, look) => {
    return analyseMetric(look, settings).comparisons.map((now, index) => runningResult(before[index] ?? null, now));
  }, []);
}

/** One line of the door: a result, or the sentence that says why the case cannot be asked. */
export type Line = { id: unknown; result: unknown } | { id: unknown; error: string };

function isName(name: unknown): name is keyof Cases {
  return typeof name === "string" && Object.hasOwn(answers, name);
}

/** Answers one line of JSON. Never throws: a case that is none is answered with an error. */
export function answerLine(line: string): Line {
  let asked: { id?: unknown; case?: unknown } | null = null;
  try {
    const parsed: unknown = JSON.parse(line);
    if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed))
      throw new TypeError("A case is a JSON object.");
    asked = parsed;
    const { id = null, case: name, ...rest } = parsed as { id?: unknown; case?: unknown };
    if (!isName(name)) throw new TypeError(`"case" must be one of: ${Object.keys(answers).join(", ")}.`);
    // The case's own function is the judge of the rest: what it cannot read ends below, as an error.
    return { id, result: (answers[name] as (asked: unknown) => unknown)(rest) };
  } catch (error) {
    return { id: asked?.id ?? null, error: error instanceof Error ? error.message : String(error) };
  }
}
