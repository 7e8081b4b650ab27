"use client";

import type { Guard, ReleasePlan } from "@telltale/release";
import { Button, PercentField, Select, TextField } from "@telltale/ui";
import { Plus, Trash2 } from "lucide-react";
import { addGuard } from "./plan-form.ts";

interface GuardRowsProps {
  plan: ReleasePlan;
  onChange: (plan: ReleasePlan) => void;
}

const ACTIONS = [
  { value: "roll back", label: "Roll back" },
  { value: "pause", label: "Pause" },
  { value: "tell", label: "Say so" },
] as const;

/** What is watched while the variant spreads, and what is done when it fails more often than without it. */
export function GuardRows({ plan, onChange }: GuardRowsProps) {
  const { guards } = plan;
  const edit = (at: number, guard: Partial<Guard>) =>
    onChange({ ...plan, guards: guards.map((one, index) => (index === at ? { ...one, ...guard } : one)) });
  return (
    <section aria-label="Guards" className="grid gap-3">
      {guards.map((guard, at) => (
        <div key={`${guards.length}/${at}`} className="grid gap-3 rounded-md border border-line p-3">
          <div className="grid items-end gap-3 sm:grid-cols-[minmax(0,1fr)_8rem_8rem_2rem]">
            <TextField
              label={`Guard ${at + 1}: metric`}
              value={guard.metric}
              mono
              onChange={(event) => edit(at, { metric: event.target.value })}
            />
            <TextField
              label="Fails above"
              hint={undefined}
              placeholder="always"
              inputMode="decimal"
              defaultValue={guard.above === undefined ? "" : String(guard.above)}
              onChange={(event) => edit(at, { above: readNumber(event.target.value) })}
            />
            <Select
              label="When broken"
              value={guard.action}
              options={ACTIONS}
              onChange={(action) => edit(at, { action })}
            />
            <Button
              look="ghost"
              size="icon"
              aria-label={`Remove guard ${at + 1}`}
              onClick={() => onChange({ ...plan, guards: guards.toSpliced(at, 1) })}
            >
              <Trash2 aria-hidden className="size-4" />
            </Button>
          </div>
          <PercentField
            label={`Guard ${at + 1}: tolerated, more failures than without it`}
            value={Math.round(guard.margin * 100_000)}
            presets={[0, 10, 50]}
            onChange={(parts) => edit(at, { margin: parts / 100_000 })}
          />
        </div>
      ))}
      <div className="flex flex-wrap items-center gap-3">
        <Button onClick={() => onChange(addGuard(plan))}>
          <Plus aria-hidden className="size-4" />
          Add a guard
        </Button>
        <p className="min-w-0 flex-1 basis-60 text-muted text-sm">
          {guards.length === 0
            ? "Without guards it goes on by time alone."
            : `Guards need SDKs that watch (@telltale/sdk/watch). It goes on when ${plan.minUnits} units were served the variant.`}
        </p>
      </div>
    </section>
  );
}

function readNumber(text: string): number | undefined {
  const value = Number(text.trim().replace(",", "."));
  return text.trim() === "" || !Number.isFinite(value) ? undefined : value;
}
