"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { listSegmentChanges } from "@telltale/configuration";
import { Badge, Button, Card, ChangeList, Dialog, DialogActions, notify, SkeletonRows, Time } from "@telltale/ui";
import { useState } from "react";
import { sayProblem } from "../flags/switch/use-flag-changes.ts";
import { usePlace, useReason } from "../place/place.tsx";
import { Loaded } from "../query/loaded.tsx";
import type { SegmentDetail, SegmentRevision } from "../query/outputs.ts";
import { useTRPC } from "../query/trpc.ts";

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
              <li key={revision.revision} className="flex flex-wrap items-start justify-between gap-3 px-4 py-3">
                <div className="min-w-0 flex-1 basis-72">
                  <p className="break-words">
                    <span className="mr-2 font-mono text-muted text-sm">r{revision.revision}</span>
                    {revision.sentence}
                  </p>
                  <p className="mt-0.5 text-muted text-sm">
                    {revision.actorName}, <Time at={revision.at} />
                  </p>
                </div>
                {revision.revision === segment.revision ? (
                  <Badge tone="accent">Used now</Badge>
                ) : (
                  <Button size="small" reason={reason} onClick={() => setTarget(revision)}>
                    Revert to r{revision.revision}
                  </Button>
                )}
              </li>
            ))}
          </ol>
        )}
      </Loaded>
      <RevertDialog segment={segment} target={target} onClose={() => setTarget(undefined)} />
    </Card>
  );
}

interface RevertDialogProps {
  segment: SegmentDetail;
  target: SegmentRevision | undefined;
  onClose: () => void;
}

/** Shows what going back would change, then does it as a new revision. */
function RevertDialog({ segment, target, onClose }: RevertDialogProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { project } = usePlace();
  const revert = useMutation(trpc.segment.revert.mutationOptions());
  const go = async (toRevision: number) => {
    const { key, revision: expectedRevision } = segment;
    try {
      await revert.mutateAsync({ project: project.address, key, toRevision, expectedRevision });
      notify(`${key} is as it was in revision ${toRevision}.`);
    } catch (error) {
      sayProblem("The revision was not restored", error);
    }
    onClose();
    await queryClient.invalidateQueries();
  };
  const changes = target ? listSegmentChanges(segment, target) : [];
  return (
    <Dialog
      open={target !== undefined}
      onOpenChange={onClose}
      wide
      title={`Revert ${segment.key} to revision ${target?.revision ?? ""}`}
      description={`It becomes revision ${segment.revision + 1}, in every environment at once; nothing is erased.`}
    >
      {changes.length === 0 ? <p>It is the same as what is used now.</p> : null}
      {changes.length > 0 ? <ChangeList label="Changes" changes={changes} /> : null}
      <DialogActions>
        <Button look="ghost" onClick={onClose}>
          Cancel
        </Button>
        <Button
          look="solid"
          busy={revert.isPending}
          reason={changes.length === 0 ? "Nothing would change." : undefined}
          onClick={() => (target ? void go(target.revision) : undefined)}
        >
          Revert
        </Button>
      </DialogActions>
    </Dialog>
  );
}
