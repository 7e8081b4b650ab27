import type { EstimatedArm } from "../arms/estimate.ts";
import { estimateArms, type MetricArms, type MetricEstimates } from "../arms/metric.ts";
import { contrast } from "./contrast.ts";
import { benjaminiHochberg, holm } from "./formulas/corrections.ts";
import { inferGuardrail } from "./guardrail.ts";
import { countedLogP, type InferenceSettings, infer, testPair } from "./infer.ts";
import { checkSettings, type Method, type Sides } from "./method.ts";
import type { Prior } from "./posterior.ts";
import { type Clock, ordersOf, type Pair, unitVarianceOf } from "./readout.ts";
import type { Comparison } from "./result.ts";
import type { Tails } from "./tails.ts";

export type MetricRole = "primary" | "secondary" | "guardrail";

export type MetricInput = MetricArms & {
  role: MetricRole;
  /** Which way is good. */
  direction: "increase" | "decrease";
  /** What is known of how far single values reach; undefined checks nothing. */
  tails?: Tails;
  /**
   * By treatment: the variance of one unit when information was first counted, or by what factor information has grown
   * beside the units. For sequences over values that go on growing after a unit was counted; null counts units.
   */
  clock?: readonly (Clock | null)[];
  /**
   * By treatment: the information at each look of a group plan, in any unit, the last being now. For values that go on
   * growing after a unit was counted; null goes by the plan's fractions.
   */
  looks?: readonly (readonly number[] | null)[];
};

export interface AnalysisSettings {
  method: Method;
  /** Error level of a family of tests, in (0, 1). */
  alpha: number;
  /**
   * `one`: of primary metrics only the good direction is tested, with all of alpha; they are never found to be worse.
   * Secondary metrics are tested in both directions all the same. Default `two`.
   */
  sides?: Sides;
  prior?: Prior;
  /** Size of the sequence that watches guardrails, users of both arms; the method's own when it has one. */
  guardrailUnits?: number;
  /** How many claims of harm share alpha; all guardrails times treatments that are given when left out. */
  guardrailTests?: number;
  /**
   * Corrects primary metrics by Holm and secondary ones by Benjamini-Hochberg, over metrics and arms, and claims of
   * harm by Bonferroni over guardrails and arms. Default true.
   */
  correct?: boolean;
}

export interface MetricAnalysis {
  /** One for each arm after the control. */
  comparisons: Comparison[];
  /** What CUPED did, when it was requested. */
  adjustment: MetricEstimates["adjustment"];
}

/** Sequences that were given no size are tightest here. */
const DEFAULT_UNITS = 10_000;

function pairsOf({ clock, looks, ...metric }: MetricInput, arms: readonly EstimatedArm[]): Pair[] {
  const [control, ...treatments] = arms;
  if (!control) return [];
  const side = ({ n, value }: EstimatedArm) => ({ n, value });
  return treatments.map((treatment, index) => {
    const difference = contrast(control, treatment);
    const counts = metric.kind === "conversion" ? metric.arms : [];
    const [first, other] = [counts[0], counts[index + 1]];
    const isKnown = control.state === "ok" && treatment.state === "ok";
    const isFew = isKnown && difference.warnings.includes("few_conversions") && first && other;
    return {
      control: side(control),
      treatment: side(treatment),
      contrast: difference,
      counts: isFew ? { control: first, treatment: other } : null,
      orders: isKnown ? ordersOf(control.order, treatment.order) : null,
      clock: clock?.[index] ?? null,
      looks: looks?.[index] ?? null,
    };
  });
}

interface Prepared {
  input: MetricInput;
  pairs: Pair[];
  adjustment: MetricEstimates["adjustment"];
}

/** One test of a family, and the metric that it is of. */
interface Member {
  index: number;
  input: MetricInput;
  pair: Pair;
}

function familyOf(prepared: readonly Prepared[], role: MetricRole): Member[] {
  return prepared.flatMap(({ input, pairs }, index) =>
    input.role === role ? pairs.map((pair) => ({ index, input, pair })) : [],
  );
}

/** Primary or secondary tests, corrected together; one whose values are too skewed yet counts as p = 1. */
function inferFamily(
  family: readonly Member[],
  role: "primary" | "secondary",
  settings: AnalysisSettings,
): Comparison[] {
  const { method, alpha, prior } = settings;
  const isCorrected = settings.correct !== false;
  const tests = isCorrected ? Math.max(1, family.length) : 1;
  const sides = role === "primary" ? settings.sides : "two";
  const own = ({ input: { direction, tails } }: Member): InferenceSettings => {
    return { method, alpha, sides, direction, tests, tails, prior };
  };
  const tested = family.map((member) => testPair(member.pair, own(member)));
  const correct = { primary: holm, secondary: benjaminiHochberg }[role];
  const corrections = isCorrected ? correct(tested.map(countedLogP), settings.alpha) : [];
  return tested.map((one, at) => infer(one, corrections[at] ?? undefined));
}

/** Guardrails are watched for harm from the first hour, by a one-sided sequence whatever the experiment's method is. */
function inferGuardrails(family: readonly Member[], settings: AnalysisSettings): Comparison[] {
  const { method, alpha, prior, guardrailUnits, guardrailTests, correct } = settings;
  const planned = method.kind === "sequence" ? method.plannedUnits : DEFAULT_UNITS;
  const watch = { kind: "sequence", plannedUnits: guardrailUnits ?? planned } as const;
  const tests = correct === false ? 1 : Math.max(1, guardrailTests ?? family.length);
  if (family.length > 0) checkSettings(watch, alpha);
  return family.map(({ pair, input: { direction, tails } }) =>
    inferGuardrail(pair, {
      watch,
      show: method.kind === "sequence" ? watch : method,
      alpha,
      direction,
      tests,
      tails,
      prior,
    }),
  );
}

/**
 * Compares every treatment with the control, metric by metric, in the order given. Throws RangeError only for settings
 * that are a caller's bug; whatever the data are, the answer is a named state.
 */
export function analyseMetrics(metrics: readonly MetricInput[], settings: AnalysisSettings): MetricAnalysis[] {
  checkSettings(settings.method, settings.alpha);
  const prepared = metrics.map((input): Prepared => {
    const { arms, adjustment } = estimateArms(input);
    return { input, pairs: pairsOf(input, arms), adjustment };
  });
  const results: MetricAnalysis[] = prepared.map(({ adjustment }) => ({ comparisons: [], adjustment }));
  for (const role of ["primary", "secondary", "guardrail"] as const) {
    const family = familyOf(prepared, role);
    const found = role === "guardrail" ? inferGuardrails(family, settings) : inferFamily(family, role, settings);
    for (const [at, { index }] of family.entries()) {
      const comparison = found[at];
      if (comparison) results[index]?.comparisons.push(comparison);
    }
  }
  return results;
}

/** By treatment: the variance of one unit's difference from the control, for a `clock`; null where it is not known. */
export function unitVariancesOf(metric: MetricArms): (number | null)[] {
  const [control, ...treatments] = estimateArms(metric).arms;
  return treatments.map((treatment) => {
    const found = control ? contrast(control, treatment) : null;
    return found?.state === "ok" ? unitVarianceOf(found) : null;
  });
}

/** One metric by itself, without correction for several tests. */
export function analyseMetric(metric: MetricInput, settings: AnalysisSettings): MetricAnalysis {
  const [result] = analyseMetrics([metric], { ...settings, correct: false });
  return result ?? { comparisons: [], adjustment: null };
}
