import type { Arm } from "../arms/estimate.ts";
import { estimateArms, type MetricArms, type MetricEstimates } from "../arms/metric.ts";
import { contrast } from "./contrast.ts";
import { benjaminiHochberg, holm } from "./corrections.ts";
import { type InferenceSettings, infer, logPOf, type Pair } from "./infer.ts";
import { checkSettings, type Method } from "./method.ts";
import type { Prior } from "./posterior.ts";
import type { Comparison } from "./result.ts";

export type Role = "primary" | "secondary" | "guardrail";

export type MetricInput = MetricArms & {
  role: Role;
  /** Which way is good. */
  direction: "increase" | "decrease";
};

export interface Settings {
  method: Method;
  /** Error level of a family of tests, in (0, 1). */
  alpha: number;
  prior?: Prior;
  /** Size of the sequence that watches guardrails, users of both arms; the method's own when it has one. */
  guardrailUnits?: number;
  /** Corrects primary metrics by Holm and secondary ones by Benjamini-Hochberg, over metrics and arms. Default true. */
  correct?: boolean;
}

export interface MetricResult {
  /** One for each arm after the control. */
  comparisons: Comparison[];
  /** What CUPED did, when it was asked for. */
  adjustment: MetricEstimates["adjustment"];
}

/** Sequences that were given no size are tightest here. */
const DEFAULT_UNITS = 10_000;

/** Guardrails are watched for harm from the first hour, by a one-sided sequence; the others by the experiment's method. */
function methodOf(role: Role, { method, guardrailUnits }: Settings): Method {
  if (role !== "guardrail") return method;
  const planned = method.kind === "sequence" ? method.plannedUnits : DEFAULT_UNITS;
  return { kind: "sequence", plannedUnits: guardrailUnits ?? planned, sides: "harm" };
}

function pairsOf(metric: MetricArms, arms: readonly Arm[]): Pair[] {
  const [control, ...treatments] = arms;
  if (!control) return [];
  const side = ({ n, value }: Arm) => ({ n, value });
  return treatments.map((treatment, index) => {
    const difference = contrast(control, treatment);
    const counts = metric.kind === "conversion" ? metric.arms : [];
    const [first, other] = [counts[0], counts[index + 1]];
    const known = control.state === "ok" && treatment.state === "ok";
    const few = known && difference.warnings.includes("few_conversions") && first && other;
    return {
      control: side(control),
      treatment: side(treatment),
      contrast: difference,
      counts: few ? { control: first, treatment: other } : null,
    };
  });
}

/**
 * Compares every treatment with the control, metric by metric, in the order given. Throws RangeError only for settings
 * that are a caller's bug; whatever the data are, the answer is a named state.
 */
export function analyseMetrics(metrics: readonly MetricInput[], settings: Settings): MetricResult[] {
  const prepared = metrics.map((metric) => {
    const own: InferenceSettings = {
      method: methodOf(metric.role, settings),
      alpha: settings.alpha,
      direction: metric.direction,
      ...(settings.prior ? { prior: settings.prior } : {}),
    };
    checkSettings(own.method, settings.alpha);
    const { arms, adjustment } = estimateArms(metric);
    return { role: metric.role, own, pairs: pairsOf(metric, arms), adjustment };
  });
  const corrections = { primary: holm, secondary: benjaminiHochberg } as const;
  const results: MetricResult[] = prepared.map(({ adjustment }) => ({ comparisons: [], adjustment }));
  for (const role of ["primary", "secondary", "guardrail"] as const) {
    const family = prepared.flatMap((metric, index) =>
      metric.role === role ? metric.pairs.map((pair) => ({ index, pair, own: metric.own })) : [],
    );
    const corrected =
      role === "guardrail" || settings.correct === false
        ? []
        : corrections[role](
            family.map(({ pair, own }) => logPOf(pair, own)),
            settings.alpha,
          );
    for (const [at, { index, pair, own }] of family.entries()) {
      results[index]?.comparisons.push(infer(pair, own, corrected[at] ?? undefined));
    }
  }
  return results;
}

/** One metric by itself, without correction for several tests; guardrails one-sided. */
export function analyseMetric(metric: MetricInput, settings: Settings): MetricResult {
  const [result] = analyseMetrics([metric], { ...settings, correct: false });
  return result ?? { comparisons: [], adjustment: null };
}
