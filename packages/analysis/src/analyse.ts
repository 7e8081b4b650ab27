import { breakdownOf } from "./breakdown/breakdown.ts";
import { factsOf } from "./health/facts.ts";
import { healthOf } from "./health/health.ts";
import { missingRows } from "./health/metrics.ts";
import { splitOf } from "./health/split.ts";
import { type AnalysisReading, readMoments } from "./looks/reading.ts";
import { metricResult } from "./moments/metric-result.ts";
import { momentsByArm, peopleOf } from "./plan/arms.ts";
import type { MissingRows } from "./plan/guardrail.ts";
import type { StatisticalSettings } from "./plan/settings.ts";
import { paceOf } from "./progress/pace.ts";
import { powerAtPresent } from "./progress/power.ts";
import { presentBaselines, sizingOf } from "./progress/sizing.ts";
import type { Analysis, MetricResult } from "./result/analysis.ts";
import type { AnalysisInputs } from "./result/snapshot.ts";
import { seriesOf } from "./series/series.ts";
import { verdictOf } from "./verdict/verdict.ts";

/** Name and version of what computed a snapshot; a change in the numbers or in their shape is a new version. */
export const ENGINE = "telltale/stats/6";

/** To read a snapshot's moments otherwise than planned; `cupedDays` 0 adjusts nothing, more by the requested days. */
export type OtherSettings = Partial<Pick<StatisticalSettings, "method" | "alpha" | "correct" | "cupedDays">>;

function settingsOf(planned: StatisticalSettings, otherwise: OtherSettings): StatisticalSettings {
  const { method, alpha, correct, cupedDays } = otherwise;
  return {
    ...planned,
    method: method ?? planned.method,
    alpha: alpha ?? planned.alpha,
    correct: correct ?? planned.correct,
    cupedDays: cupedDays ?? planned.cupedDays,
  };
}

function metricsOf(
  { plan, moments }: AnalysisInputs,
  { metrics, settings }: AnalysisReading,
  missing: MissingRows,
): MetricResult[] {
  return plan.metrics.flatMap((metric, index) => {
    const reading = metrics[index];
    if (!reading) return [];
    const own = momentsByArm(plan, moments.variants, metric.key);
    return [
      {
        ...metricResult(plan, metric, own, reading, { caps: moments.caps, missing }),
        ...powerAtPresent(plan, metric, reading, settings),
      },
    ];
  });
}

/**
 * From moments to everything the results page shows. Pure: the same inputs give the same bytes (`canonical`), whatever
 * the numbers are: what cannot be known is a named state or null.
 *
 * With `otherwise` the same moments are read by other settings: metrics, series and breakdown are theirs, `asPlanned` is
 * false where they differ from the plan's. Verdict and health stay the plan's whatever is asked, so that nobody can shop
 * for a verdict. Throws RangeError for an alpha outside (0, 1).
 */
export function analyse(inputs: AnalysisInputs, otherwise: OtherSettings = {}): Analysis {
  const { plan, moments } = inputs;
  const settings = settingsOf(plan.settings, otherwise);
  const asPlanned = (Object.keys(settings) as (keyof StatisticalSettings)[]).every(
    (key) => settings[key] === plan.settings[key],
  );
  const planned = readMoments(inputs, plan.settings);
  const shown = asPlanned ? planned : readMoments(inputs, settings);
  const facts = factsOf(inputs);
  const split = splitOf(facts, planned.totals);
  const sizing = sizingOf(plan, presentBaselines(planned.metrics));
  const health = healthOf(facts, split, sizing);
  const missing = missingRows(facts);
  const { people, several } = peopleOf(plan, moments);
  const pace = paceOf(inputs);
  return {
    people,
    arms: plan.arms.map(({ variant }, arm) => ({ variant, units: facts.units[arm] ?? 0 })),
    severalVariants: several,
    split,
    health,
    settings,
    asPlanned,
    metrics: metricsOf(inputs, shown, missing),
    progress: { units: people, planned: plan.plannedUnits, pace, looks: shown.looks, sizing },
    verdict: verdictOf(inputs, planned, { health, missing }, pace),
    stepSeconds: inputs.stepSeconds,
    series: seriesOf(plan, shown),
    breakdown: breakdownOf(inputs, settings),
  };
}
