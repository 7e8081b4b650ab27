"use client";

import { Button, TextField } from "@telltale/ui";
import { useId, useState } from "react";
import { NEEDS_SCRIPTS } from "../../base-path.ts";

interface BreakdownFieldProps {
  by: string;
  onChange: (by: string) => void;
  /** Attributes that are known. */
  suggestions?: readonly string[];
}

/** The attribute that results are broken down by. */
export function BreakdownField({ by, onChange, suggestions = [] }: BreakdownFieldProps) {
  const list = useId();
  const [typed, setTyped] = useState(by);
  return (
    <form
      {...NEEDS_SCRIPTS}
      className="flex items-end gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        onChange(typed.trim());
      }}
    >
      <div className="w-44">
        <TextField
          label="Break down by"
          placeholder="country"
          value={typed}
          maxLength={100}
          mono
          autoComplete="off"
          spellCheck={false}
          list={suggestions.length > 0 ? list : undefined}
          onChange={(event) => setTyped(event.target.value)}
        />
        {suggestions.length > 0 ? (
          <datalist id={list}>
            {suggestions.map((suggestion) => (
              <option key={suggestion} value={suggestion} />
            ))}
          </datalist>
        ) : null}
      </div>
      <Button type="submit">Show</Button>
      {by ? (
        <Button look="ghost" onClick={() => onChange("")}>
          Clear
        </Button>
      ) : null}
    </form>
  );
}
