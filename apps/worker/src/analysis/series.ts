import type { Analysis } from "@telltale/control";
import type { ExperimentMoments } from "@telltale/events";
import { compareCounts } from "./comparison.ts";

interface Counts {
  units: number;
  converted: number;
}

/**
 * Cumulative: for every step, arm and metric how many units had joined and converted by its end, and the lift
 * over the control with its interval. Steps without news are left out.
 */
export function cumulate(
  moments: ExperimentMoments,
  arms: string[],
  metrics: { key: string; direction: "increase" | "decrease" }[],
) {
  const steps = [...new Set(moments.series.map((row) => row.at))].sort();
  const series: Analysis["series"] = [];
  for (const { key, direction } of metrics) {
    const totals = new Map<string, Counts>(arms.map((arm) => [arm, { units: 0, converted: 0 }]));
    for (const at of steps) {
      for (const row of moments.series) {
        const total = totals.get(row.variant);
        if (row.at !== at || !total) continue;
        total.units += row.units;
        total.converted += row.metrics[key]?.converted ?? 0;
      }
      series.push(...arms.map((variant, index) => point(at, key, variant, index, totals, arms[0] ?? "", direction)));
    }
  }
  return series;
}

function point(
  at: string,
  metric: string,
  variant: string,
  index: number,
  totals: Map<string, Counts>,
  control: string,
  direction: "increase" | "decrease",
): Analysis["series"][number] {
  const { units, converted } = totals.get(variant) ?? { units: 0, converted: 0 };
  const rate = units > 0 ? converted / units : null;
  const base = totals.get(control) ?? { units: 0, converted: 0 };
  const comparison = index === 0 ? undefined : compareCounts(base, { units, converted }, direction);
  const lift = comparison?.lift.state === "bounded" ? comparison.lift : undefined;
  const shown = lift ? { estimate: lift.estimate, low: lift.low, high: lift.high } : null;
  return { at, variant, metric, units, converted, rate, lift: shown };
}

const STEPS = [10, 30, 60, 300, 900, 3_600, 21_600, 86_400, 604_800];
const MOST_STEPS = 120;

/** Length of the series' steps, seconds: the shortest that draws a window of this length in at most 120 of them. */
export function stepFor(windowMs: number): number {
  return STEPS.find((step) => windowMs / (step * 1_000) <= MOST_STEPS) ?? 2_592_000;
}
