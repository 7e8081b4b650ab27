import type { Snapshot } from "../../query/outputs.ts";

type Settings = Pick<Snapshot["settings"], "method" | "cupedDays">;
export type MethodName = Settings["method"];

/** How the results are viewed: method, adjustment, scale and breakdown, as the address holds them. */
export interface ResultView {
  method: MethodName;
  /** Adjusted by what was before exposure. */
  cuped: boolean;
  lift: "relative" | "absolute";
  /** The attribute to break down by; empty for none. */
  by: string;
}

export const METHODS: { value: MethodName; label: string; words: string }[] = [
  { value: "sequence", label: "Sequential", words: "may be read at any time" },
  { value: "group", label: "Group sequential", words: "may be read at the planned looks" },
  { value: "fixed", label: "Fixed", words: "may be read once, at the planned end" },
];

/** The view that an address names; what is missing or invalid is the plan's. */
export function readingOf(params: { get: (name: string) => string | null }, plan: Settings): ResultView {
  const method = METHODS.find(({ value }) => value === params.get("engine"))?.value ?? plan.method;
  const planned = plan.cupedDays > 0;
  const cuped = params.get("cuped");
  return {
    method,
    // What was not planned was not counted: there is nothing to adjust by.
    cuped: planned && cuped !== "off",
    lift: params.get("lift") === "absolute" ? "absolute" : "relative",
    by: (params.get("by") ?? "").trim(),
  };
}

/** Input of experiment.results besides the experiment: only what differs from the plan. */
export function otherwise(reading: ResultView, plan: Settings): { method?: MethodName; cuped?: boolean } {
  return {
    ...(reading.method === plan.method ? {} : { method: reading.method }),
    ...(reading.cuped === plan.cupedDays > 0 ? {} : { cuped: reading.cuped }),
  };
}

/** Whether the numbers of a reading are those that the verdict was made from. */
export function isAsPlanned(reading: ResultView, plan: Settings): boolean {
  return Object.keys(otherwise(reading, plan)).length === 0;
}
