"use client";

import { lazy, Suspense, useSyncExternalStore } from "react";
import { Skeleton } from "../status/skeleton.tsx";
import type { LiftLine } from "./lift-line.ts";

const LazyPlot = lazy(() => import("./lift-plot.tsx").then((module) => ({ default: module.LiftPlot })));
const never = () => () => undefined;

export interface LiftOverTimeProps {
  lines: readonly LiftLine[];
  title: string;
  /** The chart in a sentence; announced when the drawing gets the focus. */
  desc: string;
}

/** Cumulative lift by day with its interval as a band. The chart library comes only in the browser, on demand. */
export function LiftOverTime(props: LiftOverTimeProps) {
  const mounted = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
  if (props.lines.every(({ points }) => points.every(({ lift }) => lift === null))) {
    return <p className="py-8 text-center text-muted">The line begins on the first day that has enough to say.</p>;
  }
  const waiting = <Skeleton className="h-[280px] w-full" />;
  if (!mounted) return waiting;
  return (
    <Suspense fallback={waiting}>
      <LazyPlot {...props} />
    </Suspense>
  );
}
