import { formatCount } from "@telltale/ui";
import {
  type ChartCell,
  type ChartTable,
  stepWords,
  type TimeLine,
  type TimeValue,
  type WriteEffect,
} from "@telltale/ui/chart";
import type { MetricResult, Snapshot } from "../../query/outputs.ts";
import { effectWriter } from "../metrics/effects.ts";
import { valueWords } from "../metrics/metric-words.ts";
import type { ResultView } from "../reading/reading.ts";

type Series = Pick<Snapshot, "series" | "stepSeconds">;
type Arms = readonly { variant: string }[];
type Lift = ResultView["lift"];

/** The effect of a point as a reading shows it: a lift, or a difference in the metric's unit. */
function effectAt({ lift, difference }: Snapshot["series"][number], reading: Lift): TimeValue | null {
  return reading === "relative" ? lift : (difference ?? null);
}

/** Whether a series can be shown so: what an earlier version computed has lifts only. */
export function isFollowed({ series }: Pick<Snapshot, "series">, reading: Lift): boolean {
  return reading === "relative" || series.every(({ lift, difference }) => lift === null || difference !== undefined);
}

/** One line a treatment: its cumulative effect over time. */
export function liftLines({ series }: Series, metric: string, arms: Arms, reading: Lift): TimeLine[] {
  return arms.slice(1).map(({ variant }, index) => ({
    name: variant,
    place: index + 1,
    points: series
      .filter((point) => point.metric === metric && point.variant === variant)
      .toSorted((a, b) => (a.at < b.at ? -1 : 1))
      .map((point) => ({ at: point.at, value: effectAt(point, reading) })),
  }));
}

/** The same numbers as rows, the control's among them. */
export function liftTable({ series, stepSeconds }: Series, metric: MetricResult, reading: Lift): ChartTable {
  const write = effectWriter(metric, reading);
  const known = (value: number | null): ChartCell => ({ text: value === null ? "–" : write(value), value });
  const rows = series
    .filter((point) => point.metric === metric.key)
    .toSorted((a, b) => `${a.at} ${a.variant}`.localeCompare(`${b.at} ${b.variant}`))
    .map((point): ChartCell[] => {
      const { at, variant, units, value } = point;
      const effect = effectAt(point, reading);
      const end = (own: number | null): ChartCell => ({ text: endWords(own, write), value: own });
      return [
        { text: stepWords(at, stepSeconds), value: at },
        variant,
        { text: formatCount(units), value: units },
        { text: valueWords(value, metric), value },
        known(effect?.estimate ?? null),
        effect ? end(effect.low) : known(null),
        effect ? end(effect.high) : known(null),
      ];
    });
  const what = reading === "relative" ? "Lift" : "Difference";
  return { columns: ["Time", "Variant", "Units", "Value", what, "Low", "High"], rows };
}

/** "+8.0 % (+1.0 % to +15.0 %)"; an end that is not there is "open". */
export function liftWords({ estimate, low, high }: TimeValue, write: WriteEffect): string {
  return `${write(estimate)} (${endWords(low, write)} to ${endWords(high, write)})`;
}

function endWords(end: number | null, write: WriteEffect): string {
  return end === null ? "open" : write(end);
}

/** The chart in a sentence. */
export function liftSentence(
  lines: readonly TimeLine[],
  stepSeconds: number,
  metric: MetricResult,
  reading: Lift,
): string {
  const write = effectWriter(metric, reading);
  const words = lines.map(({ name, points }) => {
    const last = points.filter(({ value }) => value !== null).at(-1);
    if (!last?.value) return `${name}: nothing can be said`;
    return `${name}: ${liftWords(last.value, write)} by ${stepWords(last.at, stepSeconds)}`;
  });
  return `${metric.name}, cumulative, against the control. ${words.join("; ")}.`;
}
