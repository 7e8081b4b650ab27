"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { listSegmentChanges } from "@telltale/configuration";
import { Card, SkeletonRows } from "@telltale/ui";
import { useState } from "react";
import { usePlace, useReason } from "../place/place.tsx";
import { Loaded } from "../query/loaded.tsx";
import type { SegmentDetail, SegmentRevision } from "../query/outputs.ts";
import { useTRPC } from "../query/trpc.ts";
import { RevertDialog } from "../revisions/revert-dialog.tsx";
import { RevisionRow } from "../revisions/revision-row.tsx";

/** Every revision of a segment, newest first, and the way back to each. */
export function SegmentHistory({ segment }: { segment: SegmentDetail }) {
  const trpc = useTRPC();
  const { project } = usePlace();
  const reason = useReason(["segment.update"]);
  const [target, setTarget] = useState<SegmentRevision>();
  const history = useQuery(trpc.segment.history.queryOptions({ project: project.address, key: segment.key }));
  return (
    <Card title="History" flush>
      <Loaded query={history} what="The history" skeleton={<SkeletonRows rows={3} label="Loading the history" />}>
        {(revisions) => (
          <ol className="divide-y divide-line">
            {revisions.map((revision) => (
              <RevisionRow
                key={revision.revision}
                revision={revision}
                now={revision.revision === segment.revision ? "Used now" : undefined}
                reason={reason}
                onRevert={() => setTarget(revision)}
              />
            ))}
          </ol>
        )}
      </Loaded>
      <RevertSegment segment={segment} target={target} onClose={() => setTarget(undefined)} />
    </Card>
  );
}

interface RevertSegmentProps {
  segment: SegmentDetail;
  target: SegmentRevision | undefined;
  onClose: () => void;
}

function RevertSegment({ segment, target, onClose }: RevertSegmentProps) {
  const trpc = useTRPC();
  const { project } = usePlace();
  const { key, revision: expectedRevision } = segment;
  const reverting = useMutation(trpc.segment.revert.mutationOptions());
  return (
    <RevertDialog
      target={target?.revision}
      onClose={onClose}
      title={`Revert ${key} to revision ${target?.revision ?? ""}`}
      description={`It becomes revision ${expectedRevision + 1}, in every environment at once; nothing is erased.`}
      changes={target ? listSegmentChanges(segment, target) : []}
      same="It is the same as what is used now."
      action="Revert"
      look="solid"
      busy={reverting.isPending}
      revert={async (toRevision) => {
        await reverting.mutateAsync({ project: project.address, key, toRevision, expectedRevision });
        return `${key} is as it was in revision ${toRevision}.`;
      }}
    />
  );
}
