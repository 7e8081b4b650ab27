"use client";

import { ChevronDown } from "lucide-react";
import { type ReactNode, useId } from "react";
import { CONTROL, Field, fieldIds } from "./field.tsx";

export interface Option<Value extends string> {
  value: Value;
  label: string;
}

export interface SelectProps<Value extends string> {
  label: string;
  hideLabel?: boolean;
  hint?: ReactNode;
  error?: string | undefined;
  value: Value;
  options: readonly Option<Value>[];
  onChange: (value: Value) => void;
  disabled?: boolean;
}

/** The platform's own select: every keyboard, every phone and every screen reader knows it. */
export function Select<Value extends string>(props: SelectProps<Value>) {
  const id = useId();
  return (
    <Field id={id} label={props.label} hideLabel={props.hideLabel} hint={props.hint} error={props.error}>
      <span className="relative block">
        <select
          {...fieldIds(id, props.hint, props.error)}
          value={props.value}
          disabled={props.disabled}
          onChange={(event) => {
            const chosen = props.options.find((option) => option.value === event.target.value);
            if (chosen) props.onChange(chosen.value);
          }}
          className={`${CONTROL} appearance-none pr-8`}
        >
          {props.options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
        <ChevronDown aria-hidden className="pointer-events-none absolute top-2 right-2 size-4 text-muted" />
      </span>
    </Field>
  );
}
