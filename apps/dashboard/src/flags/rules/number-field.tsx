"use client";

import { TextField } from "@telltale/ui";
import { useState } from "react";

interface NumberFieldProps {
  label: string;
  value: string;
  onChange: (text: string) => void;
  error: string | undefined;
  disabled: boolean;
}

/** One number as text: what is typed stays in sight even while it is no number yet. */
export function NumberField({ label, value, onChange, error, disabled }: NumberFieldProps) {
  const [typed, setTyped] = useState<string>();
  const isNumber = typed !== undefined && typed.trim() !== "" && Number.isFinite(Number(typed.replace(",", ".")));
  return (
    <TextField
      label={label}
      hideLabel
      inputMode="decimal"
      autoComplete="off"
      placeholder="number"
      value={typed ?? value}
      disabled={disabled}
      error={typed && !isNumber ? "Give a number" : error}
      onChange={(event) => {
        setTyped(event.target.value);
        onChange(event.target.value);
      }}
      onBlur={() => (isNumber ? setTyped(undefined) : undefined)}
    />
  );
}
