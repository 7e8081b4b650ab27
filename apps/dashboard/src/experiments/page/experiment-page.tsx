"use client";

import { useQuery } from "@tanstack/react-query";
import { Card, EmptyState, Note, Skeleton, SkeletonRows } from "@telltale/ui";
import { usePlace } from "../../place/place.tsx";
import { Loaded } from "../../query/loaded.tsx";
import type { ExperimentDetail } from "../../query/outputs.ts";
import { useTRPC } from "../../query/trpc.ts";
import { DecisionLog } from "../log/decision-log.tsx";
import { beforeData } from "../verdict/verdict.ts";
import { ExperimentHeader } from "./experiment-header.tsx";
import { PeopleCard } from "./people-card.tsx";
import { Results } from "./results.tsx";
import { SizingCard } from "./sizing-card.tsx";

const LIVE_MS = 2_000;
/** Weeks of many metrics are megabytes, and a day's step does not move in seconds. */
const CALM_MS = 30_000;
const LIVE_STEP_SECONDS = 900;

/**
 * How often results are fetched again: at once while people watch them come in; those of an ended experiment do not
 * change.
 */
function pollMs(experiment: ExperimentDetail | undefined): number | false {
  if (experiment?.status !== "running") return false;
  return (experiment.snapshot?.stepSeconds ?? 0) > LIVE_STEP_SECONDS ? CALM_MS : LIVE_MS;
}

/** One experiment, in the order of trust: verdict, health, numbers. */
export function ExperimentPage({ experiment: key }: { experiment: string }) {
  const trpc = useTRPC();
  const { project } = usePlace();
  const experiment = useQuery(
    trpc.experiment.get.queryOptions(
      { project: project.address, experiment: key },
      { refetchInterval: ({ state }) => pollMs(state.data) },
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
          <ExperimentHeader experiment={found} />
          {found.snapshot ? <Results experiment={found} snapshot={found.snapshot} /> : <NoResults experiment={found} />}
          <div className="mt-4">
            <DecisionLog experiment={found.key} />
          </div>
        </>
      )}
    </Loaded>
  );
}

function NoResults({ experiment }: { experiment: ExperimentDetail }) {
  return (
    <div className="grid grid-cols-1 gap-4">
      {experiment.state.problem ? <Note tone="warn">{experiment.state.problem}</Note> : null}
      <div className="grid grid-cols-1 items-start gap-4 xl:grid-cols-[minmax(0,1fr)_360px]">
        <div className="grid gap-4">
          <Card>
            <EmptyState title={experiment.status === "ended" ? "No numbers" : "No numbers yet"}>
              {beforeData(experiment)}
            </EmptyState>
          </Card>
          {experiment.status === "draft" ? <SizingCard experiment={experiment} /> : null}
        </div>
        <PeopleCard experiment={experiment} snapshot={null} />
      </div>
    </div>
  );
}
