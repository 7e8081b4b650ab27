"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { usePlace } from "../../place/place.tsx";
import { readProblem } from "../../query/problem.ts";
import { useTRPC } from "../../query/trpc.ts";

const FOLLOW_MS = 1_000;

export interface Refresh {
  /** Asks for a run now. */
  ask: () => void;
  busy: boolean;
  /** The last request made here is answered. */
  done: boolean;
  /** Why it failed, for people. */
  problem: string | null;
}

/** Asks for a run of the analysis and follows it to its end; then everything that shows numbers is read again. */
export function useRefresh(experiment: string, breakdown?: string): Refresh {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const address = { project: usePlace().project.address, experiment };
  const [request, setRequest] = useState<string>();
  const asking = useMutation(
    trpc.experiment.refresh.mutationOptions({ onSuccess: ({ request: id }) => setRequest(id) }),
  );
  const answer = useQuery(
    trpc.experiment.request.queryOptions(
      { ...address, request: request ?? "" },
      {
        enabled: request !== undefined,
        refetchInterval: ({ state }) => (state.data?.finishedAt ? false : FOLLOW_MS),
      },
    ),
  );
  const done = request !== undefined && answer.data?.finishedAt != null;
  useEffect(() => {
    if (!done) return;
    const { get, list, results } = trpc.experiment;
    for (const { pathKey } of [get, list, results]) void queryClient.invalidateQueries({ queryKey: pathKey() });
  }, [done, queryClient, trpc]);
  const error = asking.error ?? answer.error;
  return {
    ask: () => {
      setRequest(undefined);
      asking.mutate({ ...address, ...(breakdown === undefined ? {} : { breakdown }) });
    },
    busy: asking.isPending || (request !== undefined && !done && !answer.error),
    done,
    problem: error ? readProblem(error).message : (answer.data?.problem ?? null),
  };
}
