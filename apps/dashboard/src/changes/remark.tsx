"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, TextArea } from "@telltale/ui";
import { NEEDS_SCRIPTS } from "../base-path.ts";
import { usePlace, useReason } from "../place/place.tsx";
import { readProblem } from "../query/problem.ts";
import { useTRPC } from "../query/trpc.ts";
import { useKept } from "../unsaved/kept.ts";

/** What is typed stays until it is stored. */
export function Remark({ change }: { change: number }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { project } = usePlace();
  const reason = useReason(["change.review"]);
  const [typed = "", keep] = useKept<string>(`remark/${project.address}/${change}`);
  const adding = useMutation(
    trpc.change.remark.mutationOptions({
      onSuccess: () => {
        keep(undefined);
        return queryClient.invalidateQueries({ queryKey: trpc.change.pathKey() });
      },
    }),
  );
  return (
    <form
      {...NEEDS_SCRIPTS}
      className="mt-4 grid justify-items-start gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (typed.trim()) adding.mutate({ project: project.address, change, text: typed });
      }}
    >
      <div className="w-full">
        <TextArea
          label="Remark"
          rows={2}
          maxLength={5_000}
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
        Add remark
      </Button>
    </form>
  );
}
