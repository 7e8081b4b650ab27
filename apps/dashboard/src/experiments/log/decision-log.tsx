"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Card, SkeletonRows, Time } from "@telltale/ui";
import { usePlace, useReason } from "../../place/place.tsx";
import { Loaded } from "../../query/loaded.tsx";
import { useTRPC } from "../../query/trpc.ts";
import { useKept } from "../../unsaved/kept.ts";
import { KeptTextForm } from "../../unsaved/kept-text-form.tsx";

/** What was done and decided, newest first, and a place to say why. */
export function DecisionLog({ experiment }: { experiment: string }) {
  const trpc = useTRPC();
  const { project } = usePlace();
  const log = useQuery(
    trpc.audit.list.queryOptions({
      project: project.address,
      limit: 50,
      of: { object: "experiment", key: experiment },
    }),
  );
  return (
    <Card title="Decision log">
      <NoteField experiment={experiment} />
      <Loaded query={log} what="The log" skeleton={<SkeletonRows rows={3} label="Loading the log" />}>
        {({ items }) => (
          <ol className="mt-4 grid gap-3">
            {items.map(({ id, at, actorName, action, sentence, comment }) => (
              <li key={id}>
                <p className="text-muted text-sm">
                  {actorName}, <Time at={at} />
                </p>
                <p className="whitespace-pre-line break-words">{action === "note" ? `“${comment}”` : sentence}</p>
              </li>
            ))}
          </ol>
        )}
      </Loaded>
    </Card>
  );
}

function NoteField({ experiment }: { experiment: string }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { project } = usePlace();
  const kept = useKept<string>(`note/${project.address}/${experiment}`);
  const [, keep] = kept;
  const adding = useMutation(
    trpc.experiment.note.mutationOptions({
      onSuccess: () => {
        keep(undefined);
        return queryClient.invalidateQueries({ queryKey: trpc.audit.list.pathKey() });
      },
    }),
  );
  return (
    <KeptTextForm
      kept={kept}
      label="Note"
      hint="Why you wait, decide, or decide against the verdict. Notes are never edited."
      maxLength={2_000}
      action="Add note"
      reason={useReason(["experiment.update"])}
      sending={adding}
      onSend={(note) => adding.mutate({ project: project.address, experiment, note })}
    />
  );
}
