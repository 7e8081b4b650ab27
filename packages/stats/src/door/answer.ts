import { z } from "zod";
import { estimateArms } from "../arms/metric.ts";
import { thompsonWeights } from "../bandit/thompson-weights.ts";
import { type AnalysisSettings, analyseMetric, analyseMetrics, type MetricInput } from "../inference/analyse.ts";
import { groupBoundaries } from "../inference/formulas/group-sequential.ts";
import { allFinite } from "../inference/formulas/interval.ts";
import type { Comparison } from "../inference/result.ts";
import { runningResult } from "../inference/running.ts";
import { momentsFromSums, momentsOf } from "../moments/moments.ts";
import { pairMomentsOf } from "../moments/pair-moments.ts";
import { duration, powerByWeek } from "../power/duration.ts";
import { detectableEffect, powerOf, requiredUnits } from "../power/size.ts";
import { baselineOf } from "../power/spread.ts";
import { jointPower, requiredUnitsTogether } from "../power/together.ts";
import { sequentialSplit } from "../split/sequential-split.ts";
import { splitCheck } from "../split/split-check.ts";
import { decideVerdict } from "../verdict/decide.ts";
import { type Cases, cases } from "./cases.ts";

/** Parses a case by its schema, and hands it to its function. */
type Answer = (asked: unknown) => unknown;

function parsed<Name extends keyof Cases>(name: Name, answer: (asked: Cases[Name]) => unknown): Answer {
  return (asked) => {
    const read = cases[name].safeParse(asked);
    if (!read.success) throw new TypeError(z.prettifyError(read.error));
    return answer(read.data as Cases[Name]);
  };
}

const answers: Record<keyof Cases, Answer> = {
  analyse: parsed("analyse", ({ metrics, settings }) => analyseMetrics(metrics, settings)),
  running: parsed("running", ({ looks, settings }) => runningOver(looks, settings)),
  arms: parsed("arms", ({ metric }) => estimateArms(metric)),
  moments: parsed("moments", (asked) => {
    if ("values" in asked) return momentsOf(asked.values);
    return "pairs" in asked ? pairMomentsOf(asked.pairs) : momentsFromSums(asked.sums);
  }),
  split: parsed("split", ({ counts, weights }) => splitCheck(counts, weights)),
  sequential_split: parsed("sequential_split", ({ counts, weights, ...options }) =>
    sequentialSplit(counts, weights, options),
  ),
  boundaries: parsed("boundaries", ({ fractions, alpha }) => groupBoundaries(fractions, alpha)),
  baseline: parsed("baseline", ({ metric }) => baselineOf(metric)),
  units: parsed("units", ({ plan, effect, power }) => requiredUnits(plan, effect, power)),
  power: parsed("power", ({ plan, effect, units }) => powerOf(plan, effect, units)),
  together: parsed("together", ({ together, units, power }) =>
    units === undefined ? requiredUnitsTogether(together, power) : jointPower(together, units),
  ),
  effect: parsed("effect", ({ plan, units, ...options }) => detectableEffect(plan, units, options)),
  duration: parsed("duration", ({ plan, effect, unitsByWeek, power }) => ({
    duration: duration(plan, effect, unitsByWeek, power),
    weeks: powerByWeek(plan, effect, unitsByWeek, power),
  })),
  thompson: parsed("thompson", ({ arms, options }) => thompsonWeights(arms, options)),
  verdict: parsed("verdict", ({ facts }) => decideVerdict(facts)),
};

/** The running result of each treatment over the looks of one metric, in their order. */
function runningOver(looks: readonly MetricInput[], settings: AnalysisSettings): Comparison[] {
  return looks.reduce<Comparison[]>((before, look) => {
    return analyseMetric(look, settings).comparisons.map((now, index) => runningResult(before[index] ?? null, now));
  }, []);
}

/** One line of the door: a result, or the sentence that says why the case cannot be asked. */
export type AnswerLine = { id: unknown; result: unknown } | { id: unknown; error: string };

function isName(name: unknown): name is keyof Cases {
  return typeof name === "string" && Object.hasOwn(answers, name);
}

/** Answers one line of JSON. Never throws: a case that is none is answered with an error. */
export function answerLine(line: string): AnswerLine {
  let asked: { id?: unknown; case?: unknown } | null = null;
  try {
    const parsed: unknown = JSON.parse(line);
    if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed))
      throw new TypeError("A case is a JSON object.");
    asked = parsed;
    const { id = null, case: name, ...rest } = parsed as { id?: unknown; case?: unknown };
    if (!isName(name)) throw new TypeError(`"case" must be one of: ${Object.keys(answers).join(", ")}.`);
    const result = answers[name](rest);
    if (!allFinite(result)) throw new RangeError("The numbers are too large to compute with in double precision.");
    return { id, result };
  } catch (error) {
    return { id: asked?.id ?? null, error: error instanceof Error ? error.message : String(error) };
  }
}
