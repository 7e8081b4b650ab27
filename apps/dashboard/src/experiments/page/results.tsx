"use client";

import { HealthStrip, Note } from "@telltale/ui";
import type { ExperimentDetail, Snapshot } from "../../query/outputs.ts";
import { BreakdownCard } from "../breakdown/breakdown-card.tsx";
import { ChartTabs } from "../charts/chart-tabs.tsx";
import { Freshness } from "../freshness/freshness.tsx";
import { healthList } from "../health/health-list.ts";
import { MetricsCard } from "../metrics/metrics-card.tsx";
import { ReadAnalysis } from "../reading/read-analysis.tsx";
import { ReadingStrip } from "../reading/reading-strip.tsx";
import { useReading } from "../reading/use-reading.ts";
import { VerdictCard } from "../verdict/verdict-card.tsx";
import { PeopleCard } from "./people-card.tsx";

interface ResultsProps {
  experiment: ExperimentDetail;
  snapshot: Snapshot;
}

/** The results of the newest snapshot, and the same read otherwise for those who want to look. */
export function Results({ experiment, snapshot }: ResultsProps) {
  const [reading, change] = useReading(snapshot.settings);
  const { problem } = experiment.state;
  return (
    <div className="grid grid-cols-1 gap-4">
      <VerdictCard
        snapshot={snapshot}
        status={experiment.status}
        aside={<Freshness experiment={experiment} snapshot={snapshot} />}
      />
      {problem ? <Note tone="warn">{problem} What you see below is what was found before.</Note> : null}
      <HealthStrip checks={healthList(snapshot, experiment.flagChanges)} live={experiment.status === "running"} />
      <ReadingStrip reading={reading} snapshot={snapshot} onChange={change} />
      <ReadAnalysis experiment={experiment} snapshot={snapshot} reading={reading}>
        {(analysis, dataTo) => (
          <>
            <MetricsCard
              experiment={experiment}
              analysis={analysis}
              dataTo={dataTo}
              lift={reading.lift}
              distrust={snapshot.verdict.code === "do_not_decide"}
            />
            {reading.by ? (
              <BreakdownCard key={reading.by} experiment={experiment} snapshot={snapshot} reading={reading} />
            ) : null}
            <div className="grid grid-cols-1 items-start gap-4 xl:grid-cols-[minmax(0,1fr)_360px]">
              <ChartTabs experiment={experiment} analysis={analysis} lift={reading.lift} />
              <PeopleCard experiment={experiment} snapshot={snapshot} />
            </div>
          </>
        )}
      </ReadAnalysis>
    </div>
  );
}
