"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { listFlagChanges } from "@telltale/configuration";
import { Badge, Button, Card, ChangeList, Dialog, DialogActions, notify, SkeletonRows, Time } from "@telltale/ui";
import { useState } from "react";
import { PUBLISHES_FLAG, usePlace, useReason } from "../../place/place.tsx";
import { Loaded } from "../../query/loaded.tsx";
import type { FlagEnvironment, FlagRevision } from "../../query/outputs.ts";
import { useTRPC } from "../../query/trpc.ts";
import { sayProblem } from "../switch/use-flag-changes.ts";

interface HistoryProps {
  flag: string;
  environment: FlagEnvironment;
}

/** Every revision of a flag in an environment, newest first, and the way back to each. */
export function History({ flag, environment }: HistoryProps) {
  const trpc = useTRPC();
  const { project } = usePlace();
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
                environment={environment.key}
                revision={revision}
                current={revision.revision === environment.revision}
                onRevert={() => setTarget(revision)}
              />
            ))}
          </ol>
        )}
      </Loaded>
      <RevertDialog flag={flag} environment={environment} target={target} onClose={() => setTarget(undefined)} />
    </Card>
  );
}

interface RevisionRowProps {
  environment: string;
  revision: FlagRevision;
  current: boolean;
  onRevert: () => void;
}

function RevisionRow({ environment, revision, current, onRevert }: RevisionRowProps) {
  const reason = useReason(PUBLISHES_FLAG, environment);
  return (
    <li className="flex flex-wrap items-start justify-between gap-3 px-4 py-3">
      <div className="min-w-0 flex-1 basis-72">
        <p className="break-words">
          <span className="mr-2 font-mono text-muted text-sm">r{revision.revision}</span>
          {revision.sentence}
        </p>
        {revision.comment ? <p className="mt-0.5 break-words text-ink-2">“{revision.comment}”</p> : null}
        <p className="mt-0.5 text-muted text-sm">
          {revision.actorName}, <Time at={revision.at} />
        </p>
      </div>
      {current ? (
        <Badge tone="accent">Published now</Badge>
      ) : (
        <Button size="small" reason={reason} onClick={onRevert}>
          Revert to r{revision.revision}
        </Button>
      )}
    </li>
  );
}

interface RevertDialogProps {
  flag: string;
  environment: FlagEnvironment;
  target: FlagRevision | undefined;
  onClose: () => void;
}

/** Shows what going back would change, then does it as a new revision. */
function RevertDialog({ flag, environment, target, onClose }: RevertDialogProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { project } = usePlace();
  const revert = useMutation(trpc.flag.revert.mutationOptions());
  const go = async (toRevision: number) => {
    try {
      await revert.mutateAsync({
        ...{ project: project.address, flag, environment: environment.key, toRevision },
        expectedRevision: environment.revision,
      });
      notify(`${flag} in ${environment.key} is as it was in revision ${toRevision}.`);
    } catch (error) {
      sayProblem("The revision was not restored", error);
    }
    onClose();
    await queryClient.invalidateQueries();
  };
  const changes = target ? listFlagChanges(environment.config, target.config) : [];
  return (
    <Dialog
      open={target !== undefined}
      onOpenChange={onClose}
      wide
      title={`Revert ${environment.key} to revision ${target?.revision ?? ""}`}
      description={`It becomes revision ${environment.revision + 1}; nothing is erased.`}
    >
      {changes.length === 0 ? <p>It is the same as what is published now.</p> : null}
      {changes.length > 0 ? <ChangeList label="Changes" changes={changes} /> : null}
      <DialogActions>
        <Button look="ghost" onClick={onClose}>
          Cancel
        </Button>
        <Button
          look={environment.critical ? "production" : "solid"}
          busy={revert.isPending}
          reason={changes.length === 0 ? "Nothing would change." : undefined}
          onClick={() => (target ? void go(target.revision) : undefined)}
        >
          Revert in {environment.key}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
