"use client";

import { useQuery } from "@tanstack/react-query";
import { Button, Checkbox, Select } from "@telltale/ui";
import { Plus } from "lucide-react";
import Link from "next/link";
import { pathToFlag } from "../../place/paths.ts";
import { usePlace } from "../../place/place.tsx";
import type { FlagConfiguration, FlagSummary } from "../../query/outputs.ts";
import { useTRPC } from "../../query/trpc.ts";
import { RemoveButton } from "./remove-button.tsx";

type Prerequisite = NonNullable<FlagConfiguration["prerequisites"]>[number];

interface PrerequisitesCardProps {
  /** Key of the flag that has the prerequisites. */
  flag: string;
  prerequisites: readonly Prerequisite[];
  disabled: boolean;
  onChange: (prerequisites: Prerequisite[]) => void;
}

/** Other flags that must serve certain variants before this one serves anything but its off variant. */
export function PrerequisitesCard({ flag, prerequisites, disabled, onChange }: PrerequisitesCardProps) {
  const trpc = useTRPC();
  const { project } = usePlace();
  const flags = useQuery(trpc.flag.list.queryOptions({ project: project.address }));
  const others = (flags.data ?? []).filter(({ key }) => key !== flag);
  const asked = new Set(prerequisites.map((one) => one.flag));
  const free = others.find(({ key }) => !asked.has(key));
  const set = (at: number, next: Prerequisite) => onChange(prerequisites.map((one, i) => (i === at ? next : one)));
  const count = prerequisites.length;
  return (
    <details className="rounded-lg border border-line bg-raised shadow-low" open={count > 0}>
      <summary className="flex min-h-11 cursor-pointer items-center gap-2 rounded-lg px-4 font-semibold">
        Prerequisites
        <span className="font-normal text-muted text-sm">
          {count === 0 ? "none" : `${count} ${count === 1 ? "flag" : "flags"}, or the off variant is served`}
        </span>
      </summary>
      <div className="grid gap-3 border-line border-t p-4">
        {prerequisites.map((prerequisite, at) => (
          <PrerequisiteRow
            key={prerequisite.flag}
            name={`prerequisite ${at + 1}`}
            prerequisite={prerequisite}
            choices={others.filter(({ key }) => key === prerequisite.flag || !asked.has(key))}
            disabled={disabled}
            onChange={(next) => set(at, next)}
            onRemove={() => onChange(prerequisites.filter((_, i) => i !== at))}
          />
        ))}
        {disabled ? null : (
          <div>
            <Button
              reason={free ? undefined : "There is no other flag to ask for."}
              onClick={() => free && onChange([...prerequisites, startWith(free)])}
            >
              <Plus aria-hidden className="size-4" />
              Add a prerequisite
            </Button>
          </div>
        )}
      </div>
    </details>
  );
}

/** A flag with its first variant. */
function startWith({ key, variants }: FlagSummary): Prerequisite {
  return { flag: key, variants: variants.slice(0, 1) };
}

interface PrerequisiteRowProps {
  name: string;
  prerequisite: Prerequisite;
  choices: readonly FlagSummary[];
  disabled: boolean;
  onChange: (next: Prerequisite) => void;
  onRemove: () => void;
}

function PrerequisiteRow({ name, prerequisite, choices, disabled, onChange, onRemove }: PrerequisiteRowProps) {
  const { project } = usePlace();
  const { flag, variants } = prerequisite;
  const chosen = choices.find(({ key }) => key === flag);
  // A flag that is gone, or not read yet, still shows which variants are required.
  const options = chosen ? choices : [...choices, { key: flag, variants }];
  const toggle = (variant: string) =>
    onChange({
      flag,
      variants: variants.includes(variant) ? variants.filter((one) => one !== variant) : [...variants, variant],
    });
  return (
    <div className="flex items-start gap-2">
      <div className="grid min-w-0 grow gap-2 sm:grid-cols-[minmax(0,1fr)_minmax(0,2fr)]">
        <Select
          label={`Flag of ${name}`}
          hideLabel
          value={flag}
          options={options.map(({ key }) => ({ value: key, label: key }))}
          disabled={disabled}
          onChange={(key) => {
            const next = choices.find((one) => one.key === key);
            if (next) onChange(startWith(next));
          }}
        />
        <div className="flex min-h-8 flex-wrap items-center gap-x-4 gap-y-1">
          <span className="text-ink-2">serves</span>
          {(chosen?.variants ?? variants).map((variant) => (
            <Checkbox
              key={variant}
              label={variant}
              checked={variants.includes(variant)}
              // One at least: a prerequisite that nothing meets would only turn the flag off.
              disabled={disabled || (variants.length === 1 && variants.includes(variant))}
              onChange={() => toggle(variant)}
            />
          ))}
          <Link className="text-muted text-sm underline" href={pathToFlag(project, flag)}>
            open {flag}
          </Link>
        </div>
      </div>
      {disabled ? null : <RemoveButton name={name} onRemove={onRemove} />}
    </div>
  );
}
