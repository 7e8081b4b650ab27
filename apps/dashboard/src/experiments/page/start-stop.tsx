"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, ConfirmPopover, formatParts, notify } from "@telltale/ui";
import { useState } from "react";
import { sayProblem } from "../../flags/switch/use-flag-changes.ts";
import { usePlace, useReason } from "../../place/place.tsx";
import type { ExperimentDetail } from "../../query/outputs.ts";
import { useTRPC } from "../../query/trpc.ts";

/** Starting and stopping: one question each, because both change what people are served. */
export function StartStop({ experiment }: { experiment: ExperimentDetail }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { project } = usePlace();
  const starting = experiment.status === "draft";
  const verb = starting ? ("experiment.start" as const) : ("experiment.stop" as const);
  const reason = useReason([verb, "environment.publish"], experiment.environment);
  const [asking, setAsking] = useState(false);
  const start = useMutation(trpc.experiment.start.mutationOptions());
  const stop = useMutation(trpc.experiment.stop.mutationOptions());
  if (experiment.status === "ended") return null;
  const act = starting ? "Start" : "Stop";
  const go = async () => {
    const input = { project: project.address, experiment: experiment.key, expectedRevision: experiment.revision };
    try {
      await (starting ? start : stop).mutateAsync(input);
      notify(`${experiment.name} ${starting ? "is running" : "has ended"}.`);
    } catch (error) {
      sayProblem(`The experiment was not ${starting ? "started" : "stopped"}`, error);
    }
    setAsking(false);
    await queryClient.invalidateQueries();
  };
  return (
    <ConfirmPopover
      open={asking}
      onOpenChange={setAsking}
      anchor={
        <Button look={starting ? "solid" : "soft"} reason={reason} onClick={() => setAsking(true)}>
          {act} the experiment
        </Button>
      }
      title={`${act} it in ${experiment.environment}?`}
      action={`${act} in ${experiment.environment}`}
      busy={start.isPending || stop.isPending}
      onConfirm={() => void go()}
    >
      {starting ? <StartEffect experiment={experiment} /> : <StopEffect experiment={experiment} />}
    </ConfirmPopover>
  );
}

function StartEffect({ experiment }: { experiment: ExperimentDetail }) {
  const arms = experiment.arms.map(({ variant, parts }) => `${variant} ${formatParts(parts)}`).join(", ");
  return (
    <p>
      {formatParts(experiment.share)} of the people who reach {experiment.flag}'s last rule are split: {arms}.
    </p>
  );
}

function StopEffect({ experiment }: { experiment: ExperimentDetail }) {
  return (
    <p>
      Everyone who is in it gets <span className="font-medium text-ink">{experiment.afterStop}</span> from{" "}
      {experiment.flag} within a second. What was measured so far is the result; it cannot be started again.
    </p>
  );
}
