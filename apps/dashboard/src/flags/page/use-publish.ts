"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { NOTHING_CHANGED } from "@telltale/configuration";
import { notify } from "@telltale/ui";
import { useState } from "react";
import { usePlace } from "../../place/place.tsx";
import { type Problem, readProblem } from "../../query/problem.ts";
import { useTRPC } from "../../query/trpc.ts";
import type { Draft } from "../draft/draft.ts";
import { useUndo } from "../switch/use-flag-changes.ts";

interface PublishTarget {
  flag: string;
  environment: string;
  /** Called when the draft has become the published revision. */
  onPublished: () => void;
}

/** Publishing a draft. On a newer revision nothing is lost: the page asks for it and the draft meets it. */
export function usePublish({ flag, environment, onPublished }: PublishTarget) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { project } = usePlace();
  const { undoable } = useUndo();
  const configure = useMutation(trpc.flag.configure.mutationOptions());
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const publish = async (draft: Draft, comment: string) => {
    setBusy(true);
    setProblem(undefined);
    try {
      const done = await configure.mutateAsync({
        project: project.address,
        flag,
        environment,
        config: draft.config,
        expectedRevision: draft.base.revision,
        ...(comment.trim() ? { comment: comment.trim() } : {}),
      });
      await queryClient.invalidateQueries();
      onPublished();
      const { revision, sentence, onTopOf } = done;
      const isOnTop = onTopOf === undefined ? "" : `, on top of revision ${onTopOf}`;
      if (sentence === NOTHING_CHANGED) notify(sentence);
      else
        undoable(`Published to ${environment}${isOnTop}: ${sentence}`, { flag, environment, revision }, revision - 1);
    } catch (error) {
      const read = readProblem(error);
      if (read.code === "CONFLICT") await queryClient.invalidateQueries();
      else setProblem(read);
    }
    setBusy(false);
  };
  return { publish, busy, problem };
}
