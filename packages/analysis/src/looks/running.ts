import {
  type AnalysisSettings,
  type Comparison,
  type MetricAnalysis,
  type MetricInput,
  runningResult,
} from "@telltale/stats";
import { compareAt, familyOf } from "./compare.ts";

/** A step's metrics as they can be read from its sums, and whether a look is taken at its end. */
export interface StepInputs {
  metrics: (MetricInput | null)[];
  endsDay: boolean;
}

export interface RunningResults {
  /** By metric, then treatment: the result so far. */
  results: Comparison[][];
  /** By step, then metric: the result as it stood at the end of the step; null where it cannot be read there. */
  steps: (Comparison[] | null)[][];
}

/**
 * A look joined with those before it. Looks that exclude each other show that the effect changed while it was measured:
 * then the newest stands by itself.
 */
function joined(before: Comparison | null, look: Comparison): Comparison {
  const found = runningResult(before, look);
  const isDrifted = found.difference.state === "unknown" && found.difference.reason === "drifted";
  return isDrifted ? look : found;
}

/**
 * Results by a sequence. What is settled when a unit is counted is followed over looks at the end of every UTC day and
 * now: smallest p, intersection of intervals. Between days a step is shown with what the looks before it left, but leaves
 * nothing itself. What goes on growing while a unit is older (most metrics) is another quantity at every look: it is read
 * at each by itself, which a sequence allows at any time. The last step is now, and read from the exact moments.
 */
export function follow(
  now: readonly MetricInput[],
  present: readonly MetricAnalysis[],
  steps: readonly StepInputs[],
  settings: AnalysisSettings,
  isSettled: readonly boolean[],
): RunningResults {
  const family = familyOf(now, present);
  const { prior: _, ...earlier } = settings;
  let running: Comparison[][] = now.map(() => []);
  const shown = steps.map(({ metrics, endsDay }, index) => {
    const isNow = index === steps.length - 1;
    const found = isNow ? present.map(({ comparisons }) => comparisons) : compareAt(metrics, earlier, family);
    const folded = found.map(
      (own, metric) =>
        own?.map((look, pair) => (isSettled[metric] ? joined(running[metric]?.[pair] ?? null, look) : look)) ?? null,
    );
    if (endsDay) running = folded.map((own, metric) => own ?? running[metric] ?? []);
    return folded;
  });
  return { results: steps.length > 0 ? running : present.map(({ comparisons }) => comparisons), steps: shown };
}
