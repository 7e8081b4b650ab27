"use client";

import type { Snapshot } from "../../query/outputs.ts";
import { useQueryParam } from "../../shell/query-param.ts";
import { type ResultView, readingOf } from "./reading.ts";

/** The reading in the address, and a way to change it: what is the plan's is not written there. */
export function useReading(plan: Snapshot["settings"]): [ResultView, (change: Partial<ResultView>) => void] {
  const [engine, setEngine] = useQueryParam("engine", plan.method);
  const [cuped, setCuped] = useQueryParam("cuped", plan.cupedDays > 0 ? "on" : "off");
  const [lift, setLift] = useQueryParam("lift", "relative");
  const [by, setBy] = useQueryParam("by");
  const params = new Map([
    ["engine", engine],
    ["cuped", cuped],
    ["lift", lift],
    ["by", by],
  ]);
  const change = (next: Partial<ResultView>) => {
    if (next.method !== undefined) setEngine(next.method);
    if (next.cuped !== undefined) setCuped(next.cuped ? "on" : "off");
    if (next.lift !== undefined) setLift(next.lift);
    if (next.by !== undefined) setBy(next.by);
  };
  return [readingOf({ get: (name) => params.get(name) ?? null }, plan), change];
}
