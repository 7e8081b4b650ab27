"use client";

import { useQuery } from "@tanstack/react-query";
import { Button, Card, EmptyState, FreshnessTag, SkeletonRows } from "@telltale/ui";
import { usePlace } from "../../place/place.tsx";
import { Loaded } from "../../query/loaded.tsx";
import type { Breakdown, ExperimentDetail, Snapshot } from "../../query/outputs.ts";
import { useTRPC } from "../../query/trpc.ts";
import { useRefresh } from "../freshness/use-refresh.ts";
import { otherwise, type ResultView } from "../reading/reading.ts";
import { BreakdownTable } from "./breakdown-table.tsx";

interface BreakdownCardProps {
  experiment: ExperimentDetail;
  snapshot: Snapshot;
  reading: ResultView;
}

/** Results by the values of an attribute; a breakdown that was never computed is computed on request. */
export function BreakdownCard({ experiment, snapshot, reading }: BreakdownCardProps) {
  const trpc = useTRPC();
  const { project } = usePlace();
  const { by } = reading;
  const found = useQuery(
    trpc.experiment.results.queryOptions({
      project: project.address,
      experiment: experiment.key,
      breakdown: by,
      ...otherwise(reading, snapshot.settings),
    }),
  );
  const refresh = useRefresh(experiment.key, by);
  const run = found.data?.breakdown;
  const breakdown = run?.found ?? null;
  const again = (
    <span className="flex flex-wrap items-center gap-3">
      {run ? <FreshnessTag dataTo={run.dataTo} live={experiment.status === "running"} /> : null}
      {run ? (
        <Button size="small" busy={refresh.busy} onClick={refresh.ask}>
          Refresh
        </Button>
      ) : null}
    </span>
  );
  return (
    <Card flush title={`By ${by}`} aside={again}>
      <Loaded query={found} what="The breakdown" skeleton={<SkeletonRows rows={3} label="Loading the breakdown" />}>
        {() =>
          breakdown && anybodyHasIt(breakdown) ? (
            <>
              <BreakdownTable breakdown={breakdown} metrics={snapshot.metrics} lift={reading.lift} />
              <p className="border-line border-t px-4 py-2 text-muted text-sm">
                Many looks find something by chance: intervals are not corrected over the values of {by}.
                {run?.isOutdated ? " An earlier version computed them: refresh them." : ""}
              </p>
            </>
          ) : (
            <EmptyState
              title={breakdown ? `Nobody has ${by}` : `Not broken down by ${by} yet`}
              action={
                <Button look="solid" busy={refresh.busy} onClick={refresh.ask}>
                  Break down by {by}
                </Button>
              }
            >
              {breakdown
                ? "Check the attribute's name. An SDK sends with an exposure only those attributes of the context that its option exposureAttributes names."
                : "It takes a moment; the results above do not change."}
            </EmptyState>
          )
        }
      </Loaded>
      <p role="status" className="px-4 py-2 text-ink-2 text-sm empty:hidden">
        {refresh.busy ? `Breaking down by ${by}…` : refresh.problem ? `Not broken down. ${refresh.problem}` : ""}
      </p>
    </Card>
  );
}

/** An attribute that no context held is one value, the empty one. */
function anybodyHasIt({ values }: Breakdown): boolean {
  return values.some(({ value }) => value !== "");
}
