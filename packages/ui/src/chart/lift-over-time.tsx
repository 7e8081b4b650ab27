"use client";

import { lazy, Suspense, useSyncExternalStore } from "react";
import { Skeleton } from "../status/skeleton.tsx";
import type { LiftPlotProps } from "./lift-plot.tsx";

const LazyPlot = lazy(() => import("./lift-plot.tsx").then((module) => ({ default: module.LiftPlot })));
const never = () => () => undefined;

export type LiftOverTimeProps = LiftPlotProps;

/** Cumulative lift by time with its interval as a band. The chart library comes only in the browser, on demand. */
export function LiftOverTime(props: LiftOverTimeProps) {
  const mounted = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
  if (props.lines.every(({ points }) => points.every(({ lift }) => lift === null))) {
    return <p className="py-8 text-center text-muted">The line begins as soon as there is enough to say.</p>;
  }
  const waiting = <Skeleton className="h-[280px] w-full" />;
  if (!mounted) return waiting;
  return (
    <Suspense fallback={waiting}>
      <LazyPlot {...props} />
    </Suspense>
  );
}
