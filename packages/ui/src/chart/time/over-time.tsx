"use client";

import { lazy, Suspense, useSyncExternalStore } from "react";
import { Skeleton } from "../../status/skeleton.tsx";
import type { TimePlotProps } from "./time-plot.tsx";

const LazyPlot = lazy(() => import("./time-plot.tsx").then((module) => ({ default: module.TimePlot })));
const never = () => () => undefined;

export interface OverTimeProps extends TimePlotProps {
  /** What is said while there is nothing to draw. */
  empty: string;
}

/** Lines by time, each with a band, around zero. The chart library comes only in the browser, on demand. */
export function OverTime({ empty, ...props }: OverTimeProps) {
  const mounted = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
  if (props.lines.every(({ points }) => points.every(({ value }) => value === null))) {
    return <p className="py-8 text-center text-muted">{empty}</p>;
  }
  const waiting = <Skeleton className="h-[280px] w-full" />;
  if (!mounted) return waiting;
  return (
    <Suspense fallback={waiting}>
      <LazyPlot {...props} />
    </Suspense>
  );
}
