"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { NOTHING_CHANGED } from "@telltale/configuration";
import { notify } from "@telltale/ui";
import { useState } from "react";
import { usePlace } from "../place/place.tsx";
import { readProblem } from "../query/problem.ts";
import { useTRPC } from "../query/trpc.ts";
import type { SegmentForm } from "./segment-form.ts";

/** Saving a segment on top of a revision of it; `sent` is what was sent last, which `problem` speaks of. */
export function useSaveSegment(segment: string, onSaved: () => void) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { project } = usePlace();
  const [sent, setSent] = useState<SegmentForm>();
  const saving = useMutation(
    trpc.segment.save.mutationOptions({
      onSuccess: async ({ sentence }) => {
        await queryClient.invalidateQueries();
        onSaved();
        notify(sentence === NOTHING_CHANGED ? sentence : `Saved ${segment}. ${sentence}`);
      },
      onError: () => void queryClient.invalidateQueries(),
    }),
  );
  const save = (form: SegmentForm, expectedRevision: number) => {
    setSent(form);
    saving.mutate({ project: project.address, key: segment, ...form, expectedRevision });
  };
  return { save, sent, busy: saving.isPending, problem: saving.error ? readProblem(saving.error) : undefined };
}
