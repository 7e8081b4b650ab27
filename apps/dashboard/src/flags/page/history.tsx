"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { listFlagChanges } from "@telltale/configuration";
import { Card, SkeletonRows } from "@telltale/ui";
import { useState } from "react";
import { PUBLISHES_FLAG, usePlace, useReason } from "../../place/place.tsx";
import { Loaded } from "../../query/loaded.tsx";
import type { FlagEnvironment, FlagRevision } from "../../query/outputs.ts";
import { useTRPC } from "../../query/trpc.ts";
import { RevertDialog } from "../../revisions/revert-dialog.tsx";
import { RevisionRow } from "../../revisions/revision-row.tsx";

interface HistoryProps {
  flag: string;
  environment: FlagEnvironment;
}

/** Every revision of a flag in an environment, newest first, and the way back to each. */
export function History({ flag, environment }: HistoryProps) {
  const trpc = useTRPC();
  const { project } = usePlace();
  const reason = useReason(PUBLISHES_FLAG, environment.key);
  const [target, setTarget] = useState<FlagRevision>();
  const history = useQuery(
    trpc.flag.history.queryOptions({ project: project.address, flag, environment: environment.key }),
  );
  return (
    <Card title={`History in ${environment.key}`} flush>
      <Loaded query={history} what="The history" skeleton={<SkeletonRows rows={5} label="Loading the history" />}>
        {(revisions) => (
          <ol className="divide-y divide-line">
            {revisions.map((revision) => (
              <RevisionRow
                key={revision.revision}
                revision={revision}
                now={revision.revision === environment.revision ? "Published now" : undefined}
                reason={reason}
                onRevert={() => setTarget(revision)}
              />
            ))}
          </ol>
        )}
      </Loaded>
      <RevertFlag flag={flag} environment={environment} target={target} onClose={() => setTarget(undefined)} />
    </Card>
  );
}

interface RevertFlagProps {
  flag: string;
  environment: FlagEnvironment;
  target: FlagRevision | undefined;
  onClose: () => void;
}

function RevertFlag({ flag, environment, target, onClose }: RevertFlagProps) {
  const trpc = useTRPC();
  const { project } = usePlace();
  const reverting = useMutation(trpc.flag.revert.mutationOptions());
  const at = { project: project.address, flag, environment: environment.key, expectedRevision: environment.revision };
  return (
    <RevertDialog
      target={target?.revision}
      onClose={onClose}
      title={`Revert ${environment.key} to revision ${target?.revision ?? ""}`}
      description={`It becomes revision ${environment.revision + 1}; nothing is erased.`}
      changes={target ? listFlagChanges(environment.config, target.config) : []}
      same="It is the same as what is published now."
      action={`Revert in ${environment.key}`}
      look={environment.critical ? "production" : "solid"}
      busy={reverting.isPending}
      revert={async (toRevision) => {
        await reverting.mutateAsync({ ...at, toRevision });
        return `${flag} in ${environment.key} is as it was in revision ${toRevision}.`;
      }}
    />
  );
}
