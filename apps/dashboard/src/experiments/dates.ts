import { formatDay } from "@telltale/ui";
import type { ExperimentSummary } from "../query/outputs.ts";

/** "3 Nov 2026 to 23 Nov 2026", "since 3 Nov 2026", "not started". */
export function datesWords({ startedAt, endedAt }: Pick<ExperimentSummary, "startedAt" | "endedAt">): string {
  if (!startedAt) return "not started";
  if (!endedAt) return `since ${formatDay(startedAt)}`;
  const [from, to] = [formatDay(startedAt), formatDay(endedAt)];
  return from === to ? `on ${from}` : `${from} to ${to}`;
}
