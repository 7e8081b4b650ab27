"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { usePlace, useReason } from "../place/place.tsx";
import { useTRPC } from "../query/trpc.ts";
import { useKept } from "../unsaved/kept.ts";
import { KeptTextForm } from "../unsaved/kept-text-form.tsx";

/** A place to say something about a change. */
export function Remark({ change }: { change: number }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { project } = usePlace();
  const kept = useKept<string>(`remark/${project.address}/${change}`);
  const [, keep] = kept;
  const adding = useMutation(
    trpc.change.remark.mutationOptions({
      onSuccess: () => {
        keep(undefined);
        return queryClient.invalidateQueries({ queryKey: trpc.change.pathKey() });
      },
    }),
  );
  return (
    <div className="mt-4">
      <KeptTextForm
        kept={kept}
        label="Remark"
        maxLength={5_000}
        action="Add remark"
        reason={useReason(["change.review"])}
        sending={adding}
        onSend={(text) => adding.mutate({ project: project.address, change, text })}
      />
    </div>
  );
}
