"use client";

import { useQuery } from "@tanstack/react-query";
import { Card, type Column, EmptyState, PageHeader, SkeletonRows, Table } from "@telltale/ui";
import { usePlace } from "../../place/place.tsx";
import { Loaded } from "../../query/loaded.tsx";
import { useTRPC } from "../../query/trpc.ts";
import { ExperimentRow } from "./experiment-row.tsx";

const COLUMNS: Column[] = [
  { key: "experiment", head: "Experiment" },
  { key: "status", head: "Status" },
  { key: "flag", head: "Flag", from: "lg" },
  { key: "people", head: "People", align: "end" },
  { key: "verdict", head: "Verdict" },
  { key: "dates", head: "When", from: "xl" },
];

/** All experiments: running ones first. */
export function ExperimentList() {
  const trpc = useTRPC();
  const { project } = usePlace();
  const experiments = useQuery(
    trpc.experiment.list.queryOptions(
      { project: project.address },
      { refetchInterval: ({ state }) => (state.data?.some(({ status }) => status === "running") ? 5_000 : false) },
    ),
  );
  return (
    <>
      <PageHeader title="Experiments" sentence="What was tried, on whom, and what came of it." />
      <Loaded
        query={experiments}
        what="The experiments"
        skeleton={<SkeletonRows rows={4} label="Loading the experiments" />}
      >
        {(all) => (
          <Card flush>
            {all.length === 0 ? (
              <EmptyState title="No experiment yet">
                An experiment splits the people who meet a flag between its variants and compares what they do.
              </EmptyState>
            ) : (
              <Table caption="Experiments" columns={COLUMNS}>
                {all.map((experiment) => (
                  <ExperimentRow key={experiment.key} experiment={experiment} />
                ))}
              </Table>
            )}
          </Card>
        )}
      </Loaded>
    </>
  );
}
