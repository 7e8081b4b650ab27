"use client";

import { Select } from "@telltale/ui";
import { ChartFrame, LiftOverTime, VariantMark } from "@telltale/ui/chart";
import type { ExperimentDetail, Snapshot } from "../../query/outputs.ts";
import { useQueryParam } from "../../shell/query-param.ts";
import { liftLines, liftSentence, liftTable } from "./lift-series.ts";

interface LiftCardProps {
  experiment: ExperimentDetail;
  snapshot: Snapshot;
}

/** How the lift came about, step by step. */
export function LiftCard({ experiment, snapshot }: LiftCardProps) {
  const primary = experiment.metrics.find(({ role }) => role === "primary") ?? experiment.metrics[0];
  const [chosen, choose] = useQueryParam("metric", primary?.key ?? "");
  const metric = experiment.metrics.find(({ key }) => key === chosen) ?? primary;
  if (!metric) return null;
  const lines = liftLines(snapshot, metric.key, experiment.arms);
  const sentence = liftSentence(lines, snapshot.stepSeconds, metric.name);
  return (
    <ChartFrame
      title="Lift over time"
      unit="% against the control, cumulative"
      sentence={sentence}
      table={liftTable(snapshot, metric.key)}
      aside={
        experiment.metrics.length > 1 ? (
          <Select
            label="Metric of the chart"
            hideLabel
            value={metric.key}
            options={experiment.metrics.map(({ key, name }) => ({ value: key, label: name }))}
            onChange={choose}
          />
        ) : null
      }
    >
      <LiftOverTime
        lines={lines}
        stepSeconds={snapshot.stepSeconds}
        title={`Lift over time: ${metric.name}`}
        desc={sentence}
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
