import { formatChange, formatCount, formatRate } from "@telltale/ui";
import { type ChartTable, type LiftLine, stepWords } from "@telltale/ui/chart";
import type { ExperimentDetail, Snapshot } from "../../query/outputs.ts";

type Arms = ExperimentDetail["arms"];
type Series = Pick<Snapshot, "series" | "stepSeconds">;

/** One line a treatment: its cumulative lift over time. */
export function liftLines({ series }: Series, metric: string, arms: Arms): LiftLine[] {
  return arms.slice(1).map(({ variant }, index) => ({
    name: variant,
    place: index + 1,
    points: series
      .filter((point) => point.metric === metric && point.variant === variant)
      .toSorted((a, b) => (a.at < b.at ? -1 : 1))
      .map(({ at, lift }) => ({ at, lift })),
  }));
}

/** The same numbers as rows, the control's among them. */
export function liftTable({ series, stepSeconds }: Series, metric: string): ChartTable {
  const rows = series
    .filter((point) => point.metric === metric)
    .toSorted((a, b) => `${a.at} ${a.variant}`.localeCompare(`${b.at} ${b.variant}`))
    .map(({ at, variant, units, converted, rate, lift }) => [
      stepWords(at, stepSeconds),
      variant,
      formatCount(units),
      formatCount(converted),
      rate === null ? "–" : formatRate(rate),
      lift ? formatChange(lift.estimate) : "–",
      lift ? formatChange(lift.low) : "–",
      lift ? formatChange(lift.high) : "–",
    ]);
  return { columns: ["Time", "Variant", "People", "Converted", "Rate", "Lift", "Low", "High"], rows };
}

/** The chart in a sentence. */
export function liftSentence(lines: readonly LiftLine[], stepSeconds: number, metric: string): string {
  const words = lines.map(({ name, points }) => {
    const last = points.filter(({ lift }) => lift !== null).at(-1);
    if (!last?.lift) return `${name}: nothing can be said yet`;
    const { estimate, low, high } = last.lift;
    const range = `${formatChange(low)} to ${formatChange(high)}`;
    return `${name}: ${formatChange(estimate)} (${range}) by ${stepWords(last.at, stepSeconds)}`;
  });
  return `${metric}, cumulative, against the control. ${words.join("; ")}.`;
}
