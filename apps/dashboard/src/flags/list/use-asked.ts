"use client";

import { useQuery } from "@tanstack/react-query";
import { usePlace } from "../../place/place.tsx";
import { useTRPC } from "../../query/trpc.ts";
import { askedByFlag } from "./asked.ts";

/** When each flag was last evaluated: one request for all flags. */
export function useAsked() {
  const trpc = useTRPC();
  const { project } = usePlace();
  return useQuery(
    trpc.flag.lastSeen.queryOptions({ project: project.address }, { select: askedByFlag, refetchInterval: 60_000 }),
  );
}
