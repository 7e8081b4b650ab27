"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "../../query/trpc.ts";
import { usePlace } from "../../shell/project.tsx";
import { askedByFlag } from "./asked.ts";

/** When each flag was asked for: one question for all of them. */
export function useAsked() {
  const trpc = useTRPC();
  const { project } = usePlace();
  return useQuery(
    trpc.flag.lastSeen.queryOptions({ project: project.key }, { select: askedByFlag, refetchInterval: 60_000 }),
  );
}
