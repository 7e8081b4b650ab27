"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { notify, notifyError, notifyWithUndo } from "@telltale/ui";
import { usePlace } from "../../place/place.tsx";
import { readProblem } from "../../query/problem.ts";
import { useTRPC } from "../../query/trpc.ts";

/** A flag in an environment, and the revision of it one has seen. */
export interface FlagAddress {
  flag: string;
  environment: string;
  revision: number;
}

/** Says a refused change, and what to do next. */
export function sayProblem(what: string, error: unknown): void {
  notifyError(what, readProblem(error).message);
}

/**
 * Taking changes back: the revision before, as a new one. `undoable` says a change that was made and offers that
 * for ten seconds.
 */
export function useUndo() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { project } = usePlace();
  const revert = useMutation(trpc.flag.revert.mutationOptions());
  const undo = async ({ flag, environment, revision }: FlagAddress, toRevision: number) => {
    try {
      await revert.mutateAsync({
        project: project.address,
        flag,
        environment,
        toRevision,
        expectedRevision: revision,
        comment: "undo",
      });
      notify(`${flag} in ${environment} is as it was before.`);
    } catch (error) {
      sayProblem(`${flag} could not be put back`, error);
    }
    await queryClient.invalidateQueries();
  };
  /** `changed` is the address after the change, `before` the revision to go back to. */
  const undoable = (message: string, changed: FlagAddress, before: number) =>
    notifyWithUndo(message, () => void undo(changed, before));
  return { undoable };
}

/** Turning a flag on and off, with Undo. Resolves when the page shows the new state. */
export function useSwitchFlag() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { project } = usePlace();
  const { undoable } = useUndo();
  const mutation = useMutation(trpc.flag.switch.mutationOptions());
  return async ({ flag, environment, revision }: FlagAddress, on: boolean): Promise<void> => {
    try {
      const done = await mutation.mutateAsync({
        project: project.address,
        flag,
        environment,
        on,
        expectedRevision: revision,
      });
      const said = `${flag} is ${on ? "on" : "off"} in ${environment}.`;
      if (done.revision === revision) notify(said);
      else undoable(said, { flag, environment, ...done }, revision);
    } catch (error) {
      sayProblem(`${flag} was not turned ${on ? "on" : "off"}`, error);
    }
    await queryClient.invalidateQueries();
  };
}
