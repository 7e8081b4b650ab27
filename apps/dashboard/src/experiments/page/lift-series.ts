import { formatChange, formatCount, formatRate } from "@telltale/ui";
import type { ChartTable, LiftLine } from "@telltale/ui/chart";
import type { ExperimentDetail, Snapshot } from "../../query/outputs.ts";

type Arms = ExperimentDetail["arms"];

/** One line a treatment: its cumulative lift by day. */
export function liftLines(series: Snapshot["series"], metric: string, arms: Arms): LiftLine[] {
  return arms.slice(1).map(({ variant }, at) => ({
    name: variant,
    at: at + 1,
    points: series
      .filter((point) => point.metric === metric && point.variant === variant)
      .toSorted((a, b) => (a.day < b.day ? -1 : 1))
      .map(({ day, lift }) => ({ day, lift })),
  }));
}

/** The same numbers as rows, the control's among them. */
export function liftTable(series: Snapshot["series"], metric: string): ChartTable {
  const rows = series
    .filter((point) => point.metric === metric)
    .toSorted((a, b) => `${a.day} ${a.variant}`.localeCompare(`${b.day} ${b.variant}`))
    .map(({ day, variant, units, converted, rate, lift }) => [
      day,
      variant,
      formatCount(units),
      formatCount(converted),
      rate === null ? "–" : formatRate(rate),
      lift ? formatChange(lift.estimate) : "–",
      lift ? formatChange(lift.low) : "–",
      lift ? formatChange(lift.high) : "–",
    ]);
  return { columns: ["Day", "Variant", "People", "Converted", "Rate", "Lift", "Low", "High"], rows };
}

/** The chart in a sentence. */
export function liftSentence(lines: readonly LiftLine[], metric: string): string {
  const words = lines.map(({ name, points }) => {
    const last = points.filter(({ lift }) => lift !== null).at(-1);
    if (!last?.lift) return `${name}: nothing can be said yet`;
    const { estimate, low, high } = last.lift;
    return `${name}: ${formatChange(estimate)} (${formatChange(low)} to ${formatChange(high)}) by ${last.day}`;
  });
  return `${metric}, cumulative, against the control. ${words.join("; ")}.`;
}
