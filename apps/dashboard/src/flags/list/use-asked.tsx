"use client";

import { useQuery } from "@tanstack/react-query";
import { Button, formatClock } from "@telltale/ui";
import type { ReactNode } from "react";
import { useTRPC } from "../../query/trpc.ts";
import { usePlace } from "../../shell/project.tsx";
import { type Asked, askedByFlag } from "./asked.ts";

interface AskedState {
  /** By flag; undefined while it is not known. */
  asked: ReadonlyMap<string, Asked> | undefined;
  /** What is wrong with it, with a way to try again. */
  note: ReactNode;
}

/** When each flag was asked for: one question for all of them. The list stands without the answer. */
export function useAsked(): AskedState {
  const trpc = useTRPC();
  const { project } = usePlace();
  const { data, error, dataUpdatedAt, isFetching, refetch } = useQuery(
    trpc.flag.lastSeen.queryOptions({ project: project.key }, { select: askedByFlag, refetchInterval: 60_000 }),
  );
  const note = error ? (
    <p role="alert" className="flex flex-wrap items-center gap-2 text-ink-2">
      {data
        ? `“asked” is as of ${formatClock(new Date(dataUpdatedAt))}: it could not be refreshed.`
        : "When flags were asked for could not be loaded."}
      <Button look="ghost" size="small" busy={isFetching} onClick={() => void refetch()}>
        Try again
      </Button>
    </p>
  ) : null;
  return { asked: data, note };
}
