"use client";

import { useQuery } from "@tanstack/react-query";
import {
  Card,
  EmptyState,
  FreshnessTag,
  HealthStrip,
  PageHeader,
  Skeleton,
  SkeletonRows,
  VerdictBanner,
} from "@telltale/ui";
import Link from "next/link";
import { Loaded } from "../../query/loaded.tsx";
import type { ExperimentDetail, Snapshot } from "../../query/outputs.ts";
import { useTRPC } from "../../query/trpc.ts";
import { usePlace } from "../../shell/project.tsx";
import { datesWords } from "../dates.ts";
import { StatusBadge } from "../status-badge.tsx";
import { healthChecks } from "./health.ts";
import { LiftCard } from "./lift-card.tsx";
import { MetricTable } from "./metric-table.tsx";
import { PeopleCard } from "./people-card.tsx";
import { StartStop } from "./start-stop.tsx";
import { beforeData, verdictBody, verdictHead } from "./verdict.ts";

const LIVE_MS = 2_000;

/** One experiment, in the order of trust: verdict, health, numbers. */
export function ExperimentPage({ experiment: key }: { experiment: string }) {
  const trpc = useTRPC();
  const { project } = usePlace();
  const experiment = useQuery(
    trpc.experiment.get.queryOptions(
      { project: project.key, experiment: key },
      { refetchInterval: ({ state }) => (state.data?.status === "running" ? LIVE_MS : false) },
    ),
  );
  const skeleton = (
    <>
      <Skeleton className="mb-6 h-8 w-64" />
      <Skeleton className="mb-4 h-20 w-full" />
      <SkeletonRows rows={5} label="Loading the experiment" />
    </>
  );
  return (
    <Loaded query={experiment} what="The experiment" skeleton={skeleton}>
      {(found) => (
        <>
          <Header experiment={found} />
          {found.snapshot ? (
            <Results experiment={found} snapshot={found.snapshot} />
          ) : (
            <div className="grid grid-cols-1 items-start gap-4 xl:grid-cols-[minmax(0,1fr)_360px]">
              <Card>
                <EmptyState title="No numbers yet">{beforeData(found)}</EmptyState>
              </Card>
              <PeopleCard experiment={found} snapshot={null} />
            </div>
          )}
        </>
      )}
    </Loaded>
  );
}

function Header({ experiment }: { experiment: ExperimentDetail }) {
  const { project } = usePlace();
  return (
    <PageHeader
      above={
        <Link href={`/${project.key}/experiments`} className="hover:text-ink hover:underline">
          Experiments
        </Link>
      }
      title={experiment.name}
      beside={<StatusBadge status={experiment.status} />}
      actions={<StartStop experiment={experiment} />}
      sentence={
        <>
          {experiment.hypothesis}
          <span className="block text-muted text-sm">
            On{" "}
            <Link
              href={`/${project.key}/flags/${experiment.flag}?env=${experiment.environment}`}
              className="font-mono text-accent underline"
            >
              {experiment.flag}
            </Link>{" "}
            in {experiment.environment}, {datesWords(experiment)}, drawn by{" "}
            <span className="font-mono">{experiment.unit}</span>
          </span>
        </>
      }
    />
  );
}

function Results({ experiment, snapshot }: { experiment: ExperimentDetail; snapshot: Snapshot }) {
  const { title, tone } = verdictHead(snapshot);
  const fresh = <FreshnessTag dataTo={snapshot.dataTo} live={experiment.status === "running"} />;
  return (
    <div className="grid grid-cols-1 gap-4">
      <VerdictBanner title={title} tone={tone} aside={fresh}>
        {verdictBody(snapshot)}
      </VerdictBanner>
      <HealthStrip checks={healthChecks(snapshot, experiment.arms)} />
      <Card
        flush
        title="Metrics"
        aside={<span className="text-muted text-sm">against the control, {experiment.arms[0]?.variant}</span>}
      >
        <div className={snapshot.verdict.code === "health" ? "opacity-70" : undefined}>
          <MetricTable experiment={experiment} snapshot={snapshot} />
        </div>
      </Card>
      <div className="grid grid-cols-1 items-start gap-4 xl:grid-cols-[minmax(0,1fr)_360px]">
        <LiftCard experiment={experiment} snapshot={snapshot} />
        <PeopleCard experiment={experiment} snapshot={snapshot} />
      </div>
    </div>
  );
}
