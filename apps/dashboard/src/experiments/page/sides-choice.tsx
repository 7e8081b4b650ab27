"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Choice, formatCount, notify } from "@telltale/ui";
import { sayProblem } from "../../flags/switch/use-flag-changes.ts";
import { usePlace, useReason } from "../../place/place.tsx";
import type { ExperimentDetail, Sizing } from "../../query/outputs.ts";
import { useTRPC } from "../../query/trpc.ts";

type Sides = ExperimentDetail["settings"]["sides"];

const SIDES: { value: Sides; label: string }[] = [
  { value: "two", label: "Better or worse" },
  { value: "one", label: "Better only" },
];

interface SidesChoiceProps {
  experiment: ExperimentDetail;
  unitsByOtherSides: Sizing["unitsByOtherSides"];
}

/** Before the start: whether primary metrics are asked for a change for the better only, which takes fewer units. */
export function SidesChoice({ experiment, unitsByOtherSides }: SidesChoiceProps) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { project } = usePlace();
  const reason = useReason(["experiment.update"], experiment.environment);
  const configure = useMutation(trpc.experiment.configure.mutationOptions());
  const { sides } = experiment.settings;
  const choose = async (next: Sides) => {
    const at = { project: project.address, experiment: experiment.key, expectedRevision: experiment.revision };
    try {
      await configure.mutateAsync({ ...at, settings: { ...experiment.ownSettings, sides: next } });
      notify(next === "one" ? "Primary metrics are asked for better only." : "Primary metrics are asked for both.");
    } catch (error) {
      sayProblem("The plan was not changed", error);
    }
    await queryClient.invalidateQueries();
  };
  return (
    <div className="grid justify-items-start gap-1">
      <Choice
        label="What is asked of primary metrics"
        value={sides}
        options={SIDES}
        disabled={reason !== undefined || configure.isPending}
        onChange={(next) => void choose(next)}
      />
      <p className="text-ink-2 text-sm">{sidesWords(sides, unitsByOtherSides)}</p>
      {reason === undefined ? null : <p className="text-muted text-sm">{reason}</p>}
    </div>
  );
}

/** What the choice means, and what the other one would need. */
function sidesWords(sides: Sides, other: number | null): string {
  const units = other === null ? null : formatCount(other);
  if (sides === "two") {
    const fewer = units === null ? "" : `, and takes ${units} units`;
    return `A primary metric is found better or worse. "Better only" leaves harm to the guardrails${fewer}.`;
  }
  const more = units === null ? "" : ` To find harm in them too takes ${units} units.`;
  return `A primary metric is found better, or nothing is said of it: only guardrails find harm.${more}`;
}
