import type { Analysis } from "@telltale/control";
import type { ExperimentMoments } from "@telltale/events";
import { compareConversions } from "@telltale/stats";

interface Counts {
  units: number;
  converted: number;
}

/**
 * Cumulative by day: for every day, arm and metric how many units had joined and converted by its end, and the lift
 * over the control with its interval. Days without data are left out.
 */
export function cumulate(
  moments: ExperimentMoments,
  arms: string[],
  metrics: { key: string; direction: "increase" | "decrease" }[],
) {
  const days = [...new Set(moments.daily.map((row) => row.day))].sort();
  const series: Analysis["series"] = [];
  for (const { key, direction } of metrics) {
    const totals = new Map<string, Counts>(arms.map((arm) => [arm, { units: 0, converted: 0 }]));
    for (const day of days) {
      for (const row of moments.daily) {
        const total = totals.get(row.variant);
        if (row.day !== day || !total) continue;
        total.units += row.units;
        total.converted += row.metrics[key]?.converted ?? 0;
      }
      series.push(...arms.map((variant, index) => point(day, key, variant, index, totals, arms[0] ?? "", direction)));
    }
  }
  return series;
}

function point(
  day: string,
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
  const comparison =
    index === 0 ? undefined : compareConversions(counts(base), counts({ units, converted }), { direction });
  const lift = comparison?.lift.state === "bounded" ? comparison.lift : undefined;
  const shown = lift ? { estimate: lift.estimate, low: lift.low, high: lift.high } : null;
  return { day, variant, metric, units, converted, rate, lift: shown };
}

function counts({ units, converted }: Counts) {
  return { n: units, converted };
}
