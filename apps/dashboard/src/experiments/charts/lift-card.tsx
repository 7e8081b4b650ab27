"use client";

import { formatChange, formatMeasureChange } from "@telltale/ui";
import { ChartFrame, OverTime, VariantMark } from "@telltale/ui/chart";
import type { MetricResult, Snapshot } from "../../query/outputs.ts";
import { useQueryParam } from "../../shell/query-param.ts";
import { effectWriter, SMALLEST_DIFFERENCE } from "../metrics/effects.ts";
import type { ResultView } from "../reading/reading.ts";
import { isFollowed, liftLines, liftSentence, liftTable, liftWords } from "./lift-series.ts";
import { MetricSelect } from "./metric-select.tsx";

interface LiftCardProps {
  analysis: Pick<Snapshot, "arms" | "metrics" | "series" | "stepSeconds">;
  lift: ResultView["lift"];
  /** More data will come. */
  live: boolean;
}

/** How the effect came about, step by step: lifts, or differences in the metric's unit. Quantiles have no series. */
export function LiftCard({ analysis, lift, live }: LiftCardProps) {
  const drawn = analysis.metrics.filter(({ kind }) => kind !== "quantile");
  const primary = drawn.find(({ role }) => role === "primary") ?? drawn[0];
  const [chosen, choose] = useQueryParam("metric", primary?.key ?? "");
  const metric = drawn.find(({ key }) => key === chosen) ?? primary;
  if (!metric) return <p className="text-ink-2">Quantiles are not followed over time.</p>;
  const lines = liftLines(analysis, metric.key, analysis.arms, lift);
  const sentence = liftSentence(lines, analysis.stepSeconds, metric, lift);
  const write = effectWriter(metric, lift);
  const title = lift === "relative" ? "Lift over time" : "Difference over time";
  return (
    <ChartFrame
      title={title}
      unit={`${unitWords(metric, lift)}, against the control, cumulative`}
      sentence={sentence}
      table={liftTable(analysis, metric, lift)}
      aside={<MetricSelect metrics={drawn} chosen={metric} onChange={choose} />}
    >
      <OverTime
        lines={lines}
        stepSeconds={analysis.stepSeconds}
        title={`${title}: ${metric.name}`}
        desc={sentence}
        write={axisWriter(metric, lift)}
        words={(_, value) => liftWords(value, write)}
        band="range"
        empty={emptyWords(isFollowed(analysis, lift), live)}
        {...(lift === "absolute" ? { smallest: SMALLEST_DIFFERENCE } : {})}
      />
      <ul aria-label="Variants in the chart" className="mt-2 flex flex-wrap gap-4">
        {lines.map((line) => (
          <li key={line.name}>
            <VariantMark at={line.place} name={line.name} />
          </li>
        ))}
        <li className="text-muted text-sm">
          Band: range of plausible {lift === "relative" ? "lifts" : "differences"}. Without a band: too little to say.
          Arrow head: it goes on beyond the axis; the table says how far.
        </li>
      </ul>
    </ChartFrame>
  );
}

function emptyWords(followed: boolean, live: boolean): string {
  if (!followed) return "An earlier version computed these numbers, without differences over time. Refresh them.";
  return live ? "The line begins as soon as there is enough to say." : "There was never enough data to draw a line.";
}

function unitWords({ format }: MetricResult, lift: ResultView["lift"]): string {
  if (lift === "relative") return "%";
  return format.style === "percent" ? "percentage points" : format.unit || "in the metric's unit";
}

function axisWriter({ format }: MetricResult, lift: ResultView["lift"]) {
  return (value: number, digits: number) =>
    // Ticks are even numbers: "+50.00 pt" says no more than "+50 pt".
    lift === "relative" ? formatChange(value, digits) : formatMeasureChange(value, format).replace(/\.0+(?!\d)/, "");
}
