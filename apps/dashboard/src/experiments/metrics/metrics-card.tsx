"use client";

import { Button, Card } from "@telltale/ui";
import { saveCsv, toCsv } from "@telltale/ui/chart";
import { Download } from "lucide-react";
import type { Analysis, ExperimentDetail } from "../../query/outputs.ts";
import type { ResultView } from "../reading/reading.ts";
import { metricCsv } from "./metric-csv.ts";
import { MetricTable } from "./metric-table.tsx";

interface MetricsCardProps {
  experiment: Pick<ExperimentDetail, "key" | "metrics">;
  analysis: Analysis;
  dataTo: Date;
  lift: ResultView["lift"];
  /** A check of health failed. */
  distrust: boolean;
}

/** The metrics, each treatment against the control, and the same as a file. */
export function MetricsCard({ experiment, analysis, dataTo, lift, distrust }: MetricsCardProps) {
  const save = () => saveCsv(`${experiment.key} metrics`, toCsv(metricCsv(analysis, dataTo)));
  return (
    <Card
      flush
      title="Metrics"
      aside={
        <span className="flex flex-wrap items-center gap-3">
          <span className="text-muted text-sm">against the control, {analysis.arms[0]?.variant}</span>
          <Button look="ghost" size="small" onClick={save}>
            <Download aria-hidden className="size-4" />
            CSV
          </Button>
        </span>
      }
    >
      {distrust ? (
        <p className="border-line border-b bg-warn-soft px-4 py-2">
          A check of health failed: no number below can be trusted until that is put right.
        </p>
      ) : null}
      <MetricTable analysis={analysis} lift={lift} steps={stepNames(experiment)} />
    </Card>
  );
}

/** By metric key: the events of a funnel's steps. */
function stepNames({ metrics }: Pick<ExperimentDetail, "metrics">): Map<string, string[]> {
  return new Map(
    metrics.flatMap(({ key, definition }) =>
      definition.kind === "funnel" ? [[key, definition.steps.map(({ event }) => event)] as const] : [],
    ),
  );
}
