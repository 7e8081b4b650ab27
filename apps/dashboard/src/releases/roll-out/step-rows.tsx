"use client";

import type { ReleasePlan, ReleaseStep } from "@telltale/release";
import { Button, Checkbox, DurationField, PercentField } from "@telltale/ui";
import { Plus, Trash2 } from "lucide-react";
import { addStep, removeStep } from "./plan-form.ts";

interface StepRowsProps {
  plan: ReleasePlan;
  onChange: (plan: ReleasePlan) => void;
}

/** The shares below 100 %: who gets it, how long it is held, and whether somebody must approve what follows. */
export function StepRows({ plan, onChange }: StepRowsProps) {
  const edit = (at: number, step: Partial<ReleaseStep>) =>
    onChange({ ...plan, steps: plan.steps.map((one, index) => (index === at ? { ...one, ...step } : one)) });
  return (
    <div className="grid gap-3">
      <ol className="grid gap-3" aria-label="Steps">
        {plan.steps.map((step, at) => (
          <li key={at} className="grid gap-3 rounded-md border border-line p-3">
            <div className="grid items-end gap-3 sm:grid-cols-[minmax(0,1fr)_7rem_2rem]">
              <PercentField
                label={`Step ${at + 1}: share`}
                value={step.parts}
                onChange={(parts) => edit(at, { parts })}
              />
              <DurationField
                label={`Step ${at + 1}: hold`}
                value={step.holdSeconds}
                onChange={(holdSeconds) => edit(at, { holdSeconds })}
              />
              <Button
                look="ghost"
                size="icon"
                aria-label={`Remove step ${at + 1}`}
                onClick={() => onChange(removeStep(plan, at))}
              >
                <Trash2 aria-hidden className="size-4" />
              </Button>
            </div>
            <Checkbox
              label={`Step ${at + 1}: somebody must approve what follows`}
              checked={step.isApprovalNeeded === true}
              onChange={(isApprovalNeeded) => edit(at, { isApprovalNeeded })}
            />
          </li>
        ))}
      </ol>
      <div>
        <Button onClick={() => onChange(addStep(plan))}>
          <Plus aria-hidden className="size-4" />
          Add a step
        </Button>
      </div>
    </div>
  );
}
