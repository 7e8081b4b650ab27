"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Card, SkeletonRows, TextArea, Time } from "@telltale/ui";
import { NEEDS_SCRIPTS } from "../../base-path.ts";
import { usePlace, useReason } from "../../place/place.tsx";
import { Loaded } from "../../query/loaded.tsx";
import { readProblem } from "../../query/problem.ts";
import { useTRPC } from "../../query/trpc.ts";
import { useKept } from "../../unsaved/kept.ts";

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

/** What is typed stays until it is stored, whatever else is looked at meanwhile. */
function NoteField({ experiment }: { experiment: string }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { project } = usePlace();
  const reason = useReason(["experiment.update"]);
  const [typed = "", keep] = useKept<string>(`note/${project.address}/${experiment}`);
  const adding = useMutation(
    trpc.experiment.note.mutationOptions({
      onSuccess: () => {
        keep(undefined);
        return queryClient.invalidateQueries({ queryKey: trpc.audit.list.pathKey() });
      },
    }),
  );
  return (
    <form
      {...NEEDS_SCRIPTS}
      className="grid justify-items-start gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (typed.trim()) adding.mutate({ project: project.address, experiment, note: typed });
      }}
    >
      <div className="w-full">
        <TextArea
          label="Note"
          hint="Why you wait, decide, or decide otherwise than the verdict. Notes are never edited."
          rows={2}
          maxLength={2_000}
          value={typed}
          error={adding.error ? readProblem(adding.error).message : undefined}
          onChange={(event) => keep(event.target.value || undefined)}
        />
      </div>
      <Button
        type="submit"
        reason={reason ?? (typed.trim() ? undefined : "Write something first.")}
        busy={adding.isPending}
      >
        Add note
      </Button>
    </form>
  );
}
