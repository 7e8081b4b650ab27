"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { listMetricChanges } from "@telltale/configuration";
import { Card, SkeletonRows } from "@telltale/ui";
import { useState } from "react";
import { usePlace, useReason } from "../place/place.tsx";
import { Loaded } from "../query/loaded.tsx";
import type { MetricDetail, MetricRevision } from "../query/outputs.ts";
import { useTRPC } from "../query/trpc.ts";
import { RevertDialog } from "../revisions/revert-dialog.tsx";
import { RevisionRow } from "../revisions/revision-row.tsx";

/** Every revision of a metric that was kept, newest first, and the way back to each. */
export function MetricHistoryCard({ metric }: { metric: Pick<MetricDetail, "key" | "revision"> }) {
  const trpc = useTRPC();
  const { project } = usePlace();
  const reason = useReason(["metric.update"]);
  const [target, setTarget] = useState<MetricRevision>();
  const history = useQuery(trpc.metric.history.queryOptions({ project: project.address, metric: metric.key }));
  const present = history.data?.find(({ revision }) => revision === metric.revision);
  return (
    <Card title="History" flush>
      <Loaded query={history} what="The history" skeleton={<SkeletonRows rows={3} label="Loading the history" />}>
        {(revisions) => (
          <ol className="divide-y divide-line">
            {revisions.map((revision) => (
              <RevisionRow
                key={revision.revision}
                revision={revision}
                now={revision.revision === metric.revision ? "Used now" : undefined}
                reason={reason}
                onRevert={() => setTarget(revision)}
              />
            ))}
          </ol>
        )}
      </Loaded>
      {present ? (
        <RevertMetric metric={metric.key} present={present} target={target} onClose={() => setTarget(undefined)} />
      ) : null}
    </Card>
  );
}

interface RevertMetricProps {
  metric: string;
  present: MetricRevision;
  target: MetricRevision | undefined;
  onClose: () => void;
}

function RevertMetric({ metric, present, target, onClose }: RevertMetricProps) {
  const trpc = useTRPC();
  const { project } = usePlace();
  const expectedRevision = present.revision;
  const reverting = useMutation(trpc.metric.revert.mutationOptions());
  return (
    <RevertDialog
      target={target?.revision}
      onClose={onClose}
      title={`Revert ${metric} to revision ${target?.revision ?? ""}`}
      description={`It becomes revision ${expectedRevision + 1}; nothing is erased. Experiments that have started keep what they started with.`}
      changes={target ? listMetricChanges(present, target) : []}
      same="It is the same as what is used now."
      action="Revert"
      look="solid"
      busy={reverting.isPending}
      revert={async (toRevision) => {
        await reverting.mutateAsync({ project: project.address, metric, toRevision, expectedRevision });
        return `${metric} is as it was in revision ${toRevision}.`;
      }}
    />
  );
}
