"use client";

import { useId, useState } from "react";
import { CONTROL, Field, fieldIds } from "./field.tsx";

const UNITS = { s: 1, min: 60, h: 3_600, d: 86_400 } as const;
const WORDS: Record<string, keyof typeof UNITS> = {
  s: "s",
  sec: "s",
  second: "s",
  seconds: "s",
  m: "min",
  min: "min",
  minute: "min",
  minutes: "min",
  h: "h",
  hour: "h",
  hours: "h",
  d: "d",
  day: "d",
  days: "d",
};

/** Reads what a person typed as a duration ("10 min", "1.5h", "2 d") into whole seconds; undefined when it is none. */
export function readDuration(text: string): number | undefined {
  const [, amount, word = ""] = /^\s*(\d{1,6}(?:[.,]\d{1,3})?)\s*([a-z]+)\s*$/i.exec(text) ?? [];
  const unit = WORDS[word.toLowerCase()];
  return amount === undefined || unit === undefined
    ? undefined
    : Math.round(Number(amount.replace(",", ".")) * UNITS[unit]);
}

/** Seconds in the largest unit that they are whole in: 7200 → "2 h". */
export function writeDuration(seconds: number): string {
  const unit = (["d", "h", "min"] as const).find((one) => seconds > 0 && seconds % UNITS[one] === 0) ?? "s";
  return `${seconds / UNITS[unit]} ${unit}`;
}

export interface DurationFieldProps {
  label: string;
  hideLabel?: boolean;
  /** Whole seconds. */
  value: number;
  onChange: (seconds: number) => void;
  disabled?: boolean;
}

/** How long, as people write it. Text that is no duration waits, marked, and changes nothing. */
export function DurationField({ label, hideLabel, value, onChange, disabled }: DurationFieldProps) {
  const id = useId();
  const [typed, setTyped] = useState<string>();
  const isWrong = typed !== undefined && readDuration(typed) === undefined;
  const error = isWrong ? "Write it as 30 s, 10 min, 2 h or 1 d." : undefined;
  return (
    <Field id={id} label={label} hideLabel={hideLabel} error={error}>
      <input
        {...fieldIds(id, undefined, error)}
        autoComplete="off"
        disabled={disabled}
        value={typed ?? writeDuration(value)}
        onChange={(event) => {
          setTyped(event.target.value);
          const seconds = readDuration(event.target.value);
          if (seconds !== undefined) onChange(seconds);
        }}
        onBlur={() => {
          if (!isWrong) setTyped(undefined);
        }}
        className={CONTROL}
      />
    </Field>
  );
}
