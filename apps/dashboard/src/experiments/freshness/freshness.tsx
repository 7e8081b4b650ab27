"use client";

import { Button, FreshnessTag, formatClock } from "@telltale/ui";
import { RotateCw } from "lucide-react";
import type { ExperimentDetail, Snapshot } from "../../query/outputs.ts";
import { useRefresh } from "./use-refresh.ts";

interface FreshnessProps {
  experiment: Pick<ExperimentDetail, "key" | "status" | "state">;
  snapshot: Pick<Snapshot, "dataTo">;
}

/** How far the data reaches, and a run now for those who cannot wait. */
export function Freshness({ experiment, snapshot }: FreshnessProps) {
  const { state } = experiment;
  const refresh = useRefresh(experiment.key);
  const dataTo = seenTo(state, snapshot);
  const waiting = refresh.busy || state.requests.some(({ breakdown }) => breakdown === null);
  return (
    <div className="flex flex-col items-end gap-1 max-sm:w-full max-sm:items-start">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <FreshnessTag dataTo={dataTo} live={experiment.status === "running"} />
        <Button size="small" busy={waiting} onClick={refresh.ask}>
          {waiting ? null : <RotateCw aria-hidden className="size-4" />}
          Refresh
        </Button>
      </div>
      <p role="status" className="max-w-72 text-ink-2 text-sm empty:hidden">
        {refreshWords(refresh, waiting, dataTo)}
      </p>
      {state.isSlow ? (
        <p className="text-muted text-sm">The analysis takes long, so it runs less often by itself.</p>
      ) : null}
    </div>
  );
}

/** The newest data that was looked at: a run that found nothing new wrote no snapshot, but it did look. */
function seenTo({ dataTo }: ExperimentDetail["state"], snapshot: Pick<Snapshot, "dataTo">): Date {
  return dataTo !== null && dataTo > snapshot.dataTo ? dataTo : snapshot.dataTo;
}

function refreshWords(
  { done, problem }: Pick<ReturnType<typeof useRefresh>, "done" | "problem">,
  waiting: boolean,
  dataTo: Date,
): string {
  if (waiting) return "Computing the results again…";
  if (problem !== null) return `Not refreshed. ${problem}`;
  return done ? `Refreshed, data to ${formatClock(dataTo)}.` : "";
}
