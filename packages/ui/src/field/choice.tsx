"use client";

import { RadioGroup } from "radix-ui";
import type { Option } from "./select.tsx";

export interface ChoiceProps<Value extends string> {
  label: string;
  value: Value;
  options: readonly Option<Value>[];
  onChange: (value: Value) => void;
  disabled?: boolean;
}

/** One of a few, all in sight. Arrow keys move. */
export function Choice<Value extends string>({ label, value, options, onChange, disabled }: ChoiceProps<Value>) {
  return (
    <RadioGroup.Root
      aria-label={label}
      orientation="horizontal"
      value={value}
      disabled={disabled ?? false}
      onValueChange={(next) => {
        const chosen = options.find((option) => option.value === next);
        if (chosen) onChange(chosen.value);
      }}
      className="inline-flex flex-wrap gap-0.5 rounded-md border border-line bg-surface p-0.5"
    >
      {options.map((option) => (
        <RadioGroup.Item
          key={option.value}
          value={option.value}
          className="h-7 rounded-sm border border-transparent px-2.5 text-ink-2 text-sm hover:text-ink disabled:cursor-not-allowed data-[state=checked]:border-control data-[state=checked]:bg-raised data-[state=checked]:font-semibold data-[state=checked]:text-ink"
        >
          {option.label}
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}
