import type { ExperimentMoments, MetricMoments, StepMoments, StepSums, VariantMoments } from "@telltale/events";
import type { AnalysisPlan, PlannedMetric } from "./plan/plan.ts";
import { defaultSettings, type StatisticalSettings } from "./plan/settings.ts";
import type { AnalysisInputs } from "./result/snapshot.ts";

/** A conversion; primary, more is better. */
export function metric(key: string, more: Partial<PlannedMetric> = {}): PlannedMetric {
  return {
    key,
    name: key,
    role: "primary",
    direction: "increase",
    format: { style: "percent", unit: "" },
    definition: { kind: "conversion", source: { event: key, where: [] } },
    minimumEffect: null,
    margin: 0,
    absoluteMargin: null,
    history: null,
    ...more,
  };
}

export function planOf(
  metrics: PlannedMetric[],
  { arms = ["control", "treatment"], plannedUnits = null as number | null, ...settings }: PlanOptions = {},
): AnalysisPlan {
  return {
    arms: arms.map((variant) => ({ variant, parts: Math.floor(100_000 / arms.length) })),
    unit: "targetingKey",
    metrics,
    settings: { ...defaultSettings, ...settings },
    plannedUnits,
    guardrails: "shown",
  };
}

export type PlanOptions = Partial<StatisticalSettings> & { arms?: string[]; plannedUnits?: number | null };

/** Of n units so many converted. */
export function share(n: number, converted: number): MetricMoments {
  return { form: "share", n, converted };
}

export const nothingFound: ExperimentMoments = {
  variants: [],
  severalVariants: 0,
  series: [],
  caps: {},
  events: {},
};

/** An arm whose units are the largest n of its metrics. */
export function arm(variant: string, metrics: Record<string, MetricMoments>): VariantMoments {
  const sizes = Object.values(metrics).map((own) => (own.form === "ratio" ? own.pair.n : own.n));
  return { variant, units: Math.max(0, ...sizes), metrics };
}

export const DAY = 86_400_000;
export const START = Date.parse("2026-11-01T00:00:00Z");

export function day(number: number): string {
  return new Date(START + number * DAY).toISOString().replace(".000Z", "Z");
}

/** Inputs of an experiment that began on day 0 and is read at the end of day `days`. */
export function inputs(
  plan: AnalysisPlan,
  moments: Partial<ExperimentMoments>,
  more: Partial<AnalysisInputs> & { days?: number } = {},
): AnalysisInputs {
  const { days = 10, ...rest } = more;
  const events = Object.fromEntries(plan.metrics.map(({ key }) => [key, 1_000]));
  return {
    plan,
    status: "running",
    window: { from: day(0), to: day(days) },
    stepSeconds: 86_400,
    breakdown: null,
    editedSince: [],
    moments: { ...nothingFound, events, firstExposure: day(0), lastEvent: day(days), ...moments },
    ...rest,
  };
}

/** A step's sums of a share. */
export function shareSums(n: number, converted: number): StepSums {
  return { n, y: converted, yy: converted };
}

/** The same news every day, and what they add up to: conversions out of units, by arm and metric. */
export function steady(
  days: number,
  arms: Record<string, Record<string, [n: number, converted: number]>>,
): Pick<ExperimentMoments, "series" | "variants"> {
  const rows = Object.entries(arms);
  const units = (own: Record<string, [number, number]>) => Math.max(...Object.values(own).map(([n]) => n));
  const series = Array.from({ length: days }, (_, number) =>
    rows.map(
      ([variant, own]): StepMoments => ({
        at: day(number),
        variant,
        units: units(own),
        metrics: Object.fromEntries(Object.entries(own).map(([key, [n, y]]) => [key, shareSums(n, y)])),
      }),
    ),
  ).flat();
  const variants = rows.map(([variant, own]) =>
    arm(variant, Object.fromEntries(Object.entries(own).map(([key, [n, y]]) => [key, share(n * days, y * days)]))),
  );
  return { series, variants };
}
