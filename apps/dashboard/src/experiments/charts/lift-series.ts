import { formatChange, formatCount } from "@telltale/ui";
import { type ChartTable, stepWords, type TimeLine, type TimeValue } from "@telltale/ui/chart";
import type { MetricResult, Snapshot } from "../../query/outputs.ts";
import { valueWords } from "../metrics/metric-words.ts";

type Series = Pick<Snapshot, "series" | "stepSeconds">;
type Arms = readonly { variant: string }[];

/** One line a treatment: its cumulative lift over time. */
export function liftLines({ series }: Series, metric: string, arms: Arms): TimeLine[] {
  return arms.slice(1).map(({ variant }, index) => ({
    name: variant,
    place: index + 1,
    points: series
      .filter((point) => point.metric === metric && point.variant === variant)
      .toSorted((a, b) => (a.at < b.at ? -1 : 1))
      .map(({ at, lift }) => ({ at, value: lift })),
  }));
}

/** The same numbers as rows, the control's among them. */
export function liftTable({ series, stepSeconds }: Series, metric: MetricResult): ChartTable {
  const rows = series
    .filter((point) => point.metric === metric.key)
    .toSorted((a, b) => `${a.at} ${a.variant}`.localeCompare(`${b.at} ${b.variant}`))
    .map(({ at, variant, units, value, lift }) => [
      stepWords(at, stepSeconds),
      variant,
      formatCount(units),
      valueWords(value, metric),
      lift ? formatChange(lift.estimate) : "–",
      lift ? endWords(lift.low) : "–",
      lift ? endWords(lift.high) : "–",
    ]);
  return { columns: ["Time", "Variant", "Units", "Value", "Lift", "Low", "High"], rows };
}

/** "+8.0 % (+1.0 % to +15.0 %)"; an end that is not there is "open". */
export function liftWords({ estimate, low, high }: TimeValue): string {
  return `${formatChange(estimate)} (${endWords(low)} to ${endWords(high)})`;
}

function endWords(end: number | null): string {
  return end === null ? "open" : formatChange(end);
}

/** The chart in a sentence. */
export function liftSentence(lines: readonly TimeLine[], stepSeconds: number, metric: string): string {
  const words = lines.map(({ name, points }) => {
    const last = points.filter(({ value }) => value !== null).at(-1);
    if (!last?.value) return `${name}: nothing can be said yet`;
    return `${name}: ${liftWords(last.value)} by ${stepWords(last.at, stepSeconds)}`;
  });
  return `${metric}, cumulative, against the control. ${words.join("; ")}.`;
}
