"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReleasePlan, releasePlanSchema } from "@telltale/release";
import {
  Button,
  Dialog,
  DialogActions,
  Disclosure,
  DurationField,
  ErrorCard,
  notify,
  PercentField,
  Select,
} from "@telltale/ui";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { NEEDS_SCRIPTS } from "../../base-path.ts";
import { pathTo } from "../../place/paths.ts";
import { usePlace } from "../../place/place.tsx";
import type { FlagDetail, FlagEnvironment } from "../../query/outputs.ts";
import { readProblem } from "../../query/problem.ts";
import { useTRPC } from "../../query/trpc.ts";
import { GuardRows } from "./guard-rows.tsx";
import { aboveNow, likelyVariant, PRESETS, type Preset, planByPreset, releasable } from "./plan-form.ts";
import { StepRows } from "./step-rows.tsx";

interface RollOutProps {
  flag: FlagDetail;
  environment: FlagEnvironment;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Plans a release and starts it: what, for whom, and in which steps. */
export function RollOutDialog({ flag, environment, open, onOpenChange }: RollOutProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      wide
      title={`Roll out ${flag.key} in ${environment.name}`}
      description="The variant reaches more people step by step, by itself. It can be paused and rolled back at any time."
    >
      <RollOutForm flag={flag} environment={environment} onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

function RollOutForm({ flag, environment, onDone }: Omit<RollOutProps, "open" | "onOpenChange"> & { onDone(): void }) {
  const { plan, preset, setPlan, setPreset, places, place, choosePlace } = usePlan(flag, environment);
  const { start, starting, problem } = useStart(flag.key, environment.key, onDone);
  const [tried, setTried] = useState(false);
  const read = releasePlanSchema.safeParse(plan);
  const problems = read.success ? [] : read.error.issues.map(({ message }) => message);
  const variants = flag.variants.map(({ key }) => ({ value: key, label: key }));
  return (
    <form
      {...NEEDS_SCRIPTS}
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (problems.length === 0) start(plan);
      }}
    >
      <div className="grid gap-3 sm:grid-cols-3">
        <Select
          label="Variant"
          value={plan.variant}
          options={variants}
          onChange={(variant) => setPlan({ ...plan, variant })}
        />
        <Select label="For" value={place} options={places} onChange={choosePlace} />
        <Select label="Steps" value={preset} options={PRESETS} onChange={setPreset} />
      </div>
      <StepRows plan={plan} onChange={setPlan} />
      <GuardRows plan={plan} onChange={setPlan} />
      <Disclosure label="After the steps">
        <After plan={plan} onChange={setPlan} />
      </Disclosure>
      {tried && problems.length > 0 ? (
        <p role="alert" className="text-danger text-sm">
          {problems.join(" ")}
        </p>
      ) : null}
      {problem ? <ErrorCard title="The release was not started">{problem}</ErrorCard> : null}
      <DialogActions>
        <Button onClick={onDone}>Cancel</Button>
        <Button type="submit" look={environment.critical ? "production" : "solid"} busy={starting}>
          Start in {environment.key}
        </Button>
      </DialogActions>
    </form>
  );
}

/** What comes behind the steps. */
function After({ plan, onChange }: { plan: ReleasePlan; onChange: (plan: ReleasePlan) => void }) {
  return (
    <div className="grid items-end gap-3 sm:grid-cols-3">
      <DurationField
        label="At 100 % for"
        value={plan.bakeSeconds}
        onChange={(bakeSeconds) => onChange({ ...plan, bakeSeconds })}
      />
      <DurationField
        label="Then can be rolled back for"
        value={plan.standbySeconds}
        onChange={(standbySeconds) => onChange({ ...plan, standbySeconds })}
      />
      <Select
        label="Without progress for three weeks"
        value={plan.whenStalled}
        options={[
          { value: "tell", label: "Say so" },
          { value: "roll back", label: "Roll back" },
        ]}
        onChange={(whenStalled) => onChange({ ...plan, whenStalled })}
      />
      <div className="sm:col-span-3">
        <PercentField
          label="Held back until it is completed"
          value={plan.holdbackParts}
          presets={[0, 1, 2, 5]}
          onChange={(holdbackParts) => onChange({ ...plan, holdbackParts })}
        />
      </div>
    </div>
  );
}

/** The plan that is being made. Another rule or preset starts it anew; the variant stays. */
function usePlan(flag: FlagDetail, { config }: FlagEnvironment) {
  const places = releasable(config);
  const keys = flag.variants.map(({ key }) => key);
  const [preset, keepPreset] = useState<Preset>("careful");
  const [plan, setPlan] = useState(() =>
    aboveNow(planByPreset("careful", { rule: null, variant: likelyVariant(config, null, keys) }), config),
  );
  const setPreset = (next: Preset) => {
    keepPreset(next);
    setPlan(aboveNow(planByPreset(next, plan), config));
  };
  const choosePlace = (value: string) => {
    const { rule = null } = places.find((one) => one.value === value) ?? {};
    setPlan({ ...plan, rule, variant: likelyVariant(config, rule, keys) });
  };
  const place = places.find(({ rule }) => rule === plan.rule)?.value ?? "everyone";
  return { plan, setPlan, preset, setPreset, places, place, choosePlace };
}

function useStart(flag: string, environment: string, onDone: () => void) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const router = useRouter();
  const { project } = usePlace();
  const create = useMutation(
    trpc.release.create.mutationOptions({
      onSuccess: async ({ release, sentence }) => {
        notify(sentence);
        onDone();
        router.push(pathTo(project, "releases", String(release)));
        await queryClient.invalidateQueries();
      },
    }),
  );
  const start = (plan: ReleasePlan) =>
    create.mutate({ project: project.address, flag, environment, plan, start: { at: null } });
  return { start, starting: create.isPending, problem: create.error ? readProblem(create.error).message : undefined };
}
