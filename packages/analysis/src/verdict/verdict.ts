import {
  analyseMetric,
  type Between,
  type Comparison,
  decideVerdict,
  type HealthProblem,
  type MetricInput,
  type TreatmentFacts,
} from "@telltale/stats";
import type { AnalysisReading } from "../looks/reading.ts";
import { countUnitsByArm, openArms, sum } from "../plan/arms.ts";
import { guardrailFacts, type MissingRows } from "../plan/guardrail.ts";
import type { Pace } from "../progress/pace.ts";
import type { HealthCheck, Verdict } from "../result/analysis.ts";
import type { AnalysisInputs } from "../result/snapshot.ts";
import { type Case, daysLeft } from "./case.ts";
import { unitsMissing } from "./missing.ts";
import { explainReason } from "./reasons.ts";
import { verdictSentence } from "./sentence.ts";
import { wouldChangeSentence } from "./would-change.ts";

function treatmentsOf(
  { plan }: AnalysisInputs,
  { metrics, isReadable }: AnalysisReading,
  missing: MissingRows,
): TreatmentFacts<Comparison>[] {
  const isOpen = openArms(plan);
  return plan.arms.slice(1).map(({ variant }, treatment) => {
    const own = plan.metrics.flatMap((metric, index) => {
      const reading = metrics[index];
      // Before the first look the present tells only whether there is anything to wait for: it decides nothing.
      const comparison = (isReadable || metric.role === "guardrail" ? reading?.results : reading?.now.comparisons)?.[
        treatment
      ];
      return comparison ? [{ metric, comparison }] : [];
    });
    return {
      isClosed: !isOpen[treatment + 1],
      primary: own
        .filter(({ metric }) => metric.role === "primary")
        .map(({ metric, comparison }) => ({ comparison, smallestEffect: metric.minimumEffect })),
      guardrails: own
        .filter(({ metric }) => metric.role === "guardrail")
        .map(({ metric, comparison }) => guardrailFacts(plan, metric, { comparison, variant }, missing)),
    };
  });
}

/** The same metric with one treatment in the control's place and another as the only treatment. */
function pairOf(input: MetricInput, control: number, treatment: number): MetricInput | null {
  const arms = [input.arms[control + 1], input.arms[treatment + 1]];
  if (arms.some((arm) => arm === undefined)) return null;
  const clock = input.clock?.[treatment] ?? null;
  const looks = input.looks?.[treatment] ?? null;
  return { ...input, arms, clock: [clock], looks: [looks] } as MetricInput;
}

/** Treatments against each other by the primary metrics, corrected over pairs and metrics. */
function betweenOf({ plan }: AnalysisInputs, { metrics, method }: AnalysisReading): Between<Comparison>[] {
  const places = plan.arms.slice(1).map((_, index) => index);
  const primary = metrics.filter((_, index) => plan.metrics[index]?.role === "primary");
  const pairs = (places.length * (places.length - 1)) / 2;
  // Either of a pair may be the better one, by a plan of one side too.
  const settings = { ...method, sides: "two" as const, alpha: method.alpha / Math.max(1, pairs * primary.length) };
  return places.flatMap((treatment) =>
    places
      .filter((other) => other !== treatment)
      .flatMap((other) =>
        primary.flatMap(({ look }, metric) => {
          const input = look && pairOf(look, other, treatment);
          const [comparison] = input ? analyseMetric(input, settings).comparisons : [];
          return comparison ? [{ treatment, other, metric, comparison }] : [];
        }),
      ),
  );
}

/** Failed checks that take the verdict's place; a guardrail without data has a place of its own, behind proven harm. */
function problemsOf({ plan }: AnalysisInputs, health: readonly HealthCheck[]): HealthProblem[] {
  const isGuardrail = (key: string | null) => plan.metrics.some((own) => own.key === key && own.role === "guardrail");
  const problems = health.flatMap(({ check, state, metric }): HealthProblem[] => {
    if (state !== "alarm" || check === "power") return [];
    return check === "missing_rows" && isGuardrail(metric) ? [] : [check];
  });
  return [...new Set(problems)];
}

/** What the checks of the data found. */
interface Checked {
  health: HealthCheck[];
  missing: MissingRows;
}

function factsOf(inputs: AnalysisInputs, reading: AnalysisReading, { health, missing }: Checked): Case["facts"] {
  const { plan, moments } = inputs;
  const units = countUnitsByArm(plan, moments.variants);
  const isOpen = openArms(plan);
  return {
    health: problemsOf(inputs, health),
    units: { smallestArm: Math.min(...units.filter((_, arm) => isOpen[arm])), minimum: plan.settings.minimumUnits },
    readable: reading.isReadable,
    ended: reading.isFinal,
    progress: { units: sum(units), planned: plan.plannedUnits },
    treatments: treatmentsOf(inputs, reading, missing),
    between: betweenOf(inputs, reading),
  };
}

/** The verdict by the plan's rule, in words. `reading` is the plan's. */
export function verdictOf(
  inputs: AnalysisInputs,
  reading: AnalysisReading,
  checked: Checked,
  pace: Pace | null,
): Verdict {
  const { health } = checked;
  const facts = factsOf(inputs, reading, checked);
  const found = decideVerdict(facts);
  const waits = found.code === "keep_running" || found.code === "collecting";
  const isRunning = inputs.status === "running" && !reading.isFinal;
  const base = { inputs, reading, health, facts, found, pace };
  const missing = waits && isRunning ? unitsMissing(base) : null;
  const own: Case = { ...base, missing, days: waits && isRunning ? daysLeft({ ...base, missing }) : null };
  return {
    code: found.code,
    variant: found.treatment === null ? null : (inputs.plan.arms[found.treatment + 1]?.variant ?? null),
    sentence: verdictSentence(own),
    reasons: found.reasons.flatMap((reason) => explainReason(own, reason)),
    wouldChange: found.wouldChange.flatMap((reason) => wouldChangeSentence(own, reason)),
    daysLeft: own.days,
  };
}
