"use client";

import { ErrorCard } from "@telltale/ui";
import type { ReactNode } from "react";
import { readProblem } from "./problem.ts";

interface Query<T> {
  data: T | undefined;
  error: unknown;
  isFetching: boolean;
  refetch: () => unknown;
}

interface LoadedProps<T> {
  query: Query<T>;
  /** What is being loaded, as the subject of a sentence: "The flags". */
  what: string;
  skeleton: ReactNode;
  children: (data: T) => ReactNode;
}

/** The three states of anything asked of the server. Data that is there stays in sight, even when a refresh failed. */
export function Loaded<T>({ query, what, skeleton, children }: LoadedProps<T>) {
  const { data, error } = query;
  if (!error) return data === undefined ? skeleton : children(data);
  const card = (
    <ErrorCard
      title={`${what} could not be ${data === undefined ? "loaded" : "refreshed"}`}
      busy={query.isFetching}
      onRetry={() => void query.refetch()}
    >
      {readProblem(error).message}
      {data === undefined ? "" : " What you see below is what was there before."}
    </ErrorCard>
  );
  if (data === undefined) return card;
  return (
    <>
      <div className="mb-4">{card}</div>
      {children(data)}
    </>
  );
}
