"use client";

import { useQuery } from "@tanstack/react-query";
import { formatBytes, formatCount } from "@telltale/ui";
import { TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { usePlace } from "../place/place.tsx";
import { readProblem } from "../query/problem.ts";
import { useTRPC } from "../query/trpc.ts";

/** What an edge holds for the event store, or why that is not known. */
export function WaitingLine() {
  const trpc = useTRPC();
  const { project } = usePlace();
  const { data, error } = useQuery(
    trpc.ingestion.waiting.queryOptions({ project: project.address }, { refetchInterval: 10_000 }),
  );
  if (error) return <Warning>What waits at the edge is not known: {readProblem(error).message}</Warning>;
  if (!data) return <p>Asking the edge what waits …</p>;
  if (!data.known) return <Warning>{data.reason}</Warning>;
  if (data.spoolBytes > 0) {
    return (
      <Warning>
        {formatBytes(data.spoolBytes)} of events wait on the edge’s disk: the event store is slow or away. They are
        stored as soon as it takes them, and missing from every number until then.
      </Warning>
    );
  }
  if (data.events > 0) return <p>{formatCount(data.events)} events are on their way from the edge to the store.</p>;
  return <p>Nothing waits at the edge.</p>;
}

function Warning({ children }: { children: ReactNode }) {
  return (
    <p className="flex items-start gap-2 text-warn">
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
      <span>{children}</span>
    </p>
  );
}
