"use client";

import { formatChange } from "@telltale/ui";
import { ChartFrame, OverTime, VariantMark } from "@telltale/ui/chart";
import type { Snapshot } from "../../query/outputs.ts";
import { useQueryParam } from "../../shell/query-param.ts";
import { liftLines, liftSentence, liftTable, liftWords } from "./lift-series.ts";
import { MetricSelect } from "./metric-select.tsx";

type LiftCardProps = Pick<Snapshot, "arms" | "metrics" | "series" | "stepSeconds">;

/** How the lift came about, step by step. Quantiles have no series. */
export function LiftCard({ arms, metrics, series, stepSeconds }: LiftCardProps) {
  const drawn = metrics.filter(({ kind }) => kind !== "quantile");
  const primary = drawn.find(({ role }) => role === "primary") ?? drawn[0];
  const [chosen, choose] = useQueryParam("metric", primary?.key ?? "");
  const metric = drawn.find(({ key }) => key === chosen) ?? primary;
  if (!metric) return <p className="text-ink-2">Quantiles are not followed over time.</p>;
  const lines = liftLines({ series, stepSeconds }, metric.key, arms);
  const sentence = liftSentence(lines, stepSeconds, metric.name);
  return (
    <ChartFrame
      title="Lift over time"
      unit="% against the control, cumulative"
      sentence={sentence}
      table={liftTable({ series, stepSeconds }, metric)}
      aside={<MetricSelect metrics={drawn} chosen={metric} onChange={choose} />}
    >
      <OverTime
        lines={lines}
        stepSeconds={stepSeconds}
        title={`Lift over time: ${metric.name}`}
        desc={sentence}
        write={formatChange}
        words={(_, value) => liftWords(value)}
        band="range"
      />
      <ul aria-label="Variants in the chart" className="mt-2 flex flex-wrap gap-4">
        {lines.map((line) => (
          <li key={line.name}>
            <VariantMark at={line.place} name={line.name} />
          </li>
        ))}
        <li className="text-muted text-sm">Band: range of plausible lifts. Without a band: too little to say yet.</li>
      </ul>
    </ChartFrame>
  );
}
