"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Button, Card, Note, SkeletonRows } from "@telltale/ui";
import { saveCsv, toCsv } from "@telltale/ui/chart";
import { Download } from "lucide-react";
import { Loaded } from "../../query/loaded.tsx";
import type { Analysis, ExperimentDetail, Snapshot } from "../../query/outputs.ts";
import { useTRPC } from "../../query/trpc.ts";
import { usePlace } from "../../shell/project.tsx";
import { isAsPlanned, otherwise, type Reading } from "../reading/reading.ts";
import { metricCsv } from "./metric-csv.ts";
import { MetricTable } from "./metric-table.tsx";

interface MetricsCardProps {
  experiment: ExperimentDetail;
  snapshot: Snapshot;
  reading: Reading;
}

/** The metrics as planned, or read otherwise on request: then it says so. */
export function MetricsCard({ experiment, snapshot, reading }: MetricsCardProps) {
  if (isAsPlanned(reading, snapshot.settings)) {
    return <Metrics experiment={experiment} analysis={snapshot} dataTo={snapshot.dataTo} reading={reading} />;
  }
  return (
    <>
      <Note tone="warn">Not as planned: for looking only; the verdict stays the plan's.</Note>
      <ReadOtherwise experiment={experiment} snapshot={snapshot} reading={reading} />
    </>
  );
}

function ReadOtherwise({ experiment, snapshot, reading }: MetricsCardProps) {
  const trpc = useTRPC();
  const { project } = usePlace();
  const found = useQuery(
    trpc.experiment.results.queryOptions(
      {
        ...{ project: project.key, experiment: experiment.key, snapshot: snapshot.id },
        ...otherwise(reading, snapshot.settings),
      },
      { placeholderData: keepPreviousData },
    ),
  );
  return (
    <Loaded
      query={found}
      what="The numbers read so"
      skeleton={<SkeletonRows rows={5} label="Computing the numbers otherwise" />}
    >
      {({ analysis, dataTo }) =>
        analysis ? (
          <Metrics experiment={experiment} analysis={analysis} dataTo={dataTo ?? snapshot.dataTo} reading={reading} />
        ) : (
          <Note>
            These numbers were computed by an earlier version, so they can be seen as planned only. Refresh them.
          </Note>
        )
      }
    </Loaded>
  );
}

interface MetricsProps {
  experiment: ExperimentDetail;
  analysis: Analysis;
  dataTo: Date;
  reading: Reading;
}

function Metrics({ experiment, analysis, dataTo, reading }: MetricsProps) {
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
      {analysis.verdict.code === "do_not_decide" ? (
        <p className="border-line border-b bg-warn-soft px-4 py-2">
          A check of health failed: no number below can be trusted until that is put right.
        </p>
      ) : null}
      <MetricTable analysis={analysis} lift={reading.lift} />
    </Card>
  );
}
