"use client";

import { Button, TextField } from "@telltale/ui";
import { Plus, Trash2 } from "lucide-react";
import { type FlagType, keyProblem, readValue, type VariantText } from "./new-flag.ts";

interface VariantFieldsProps {
  type: FlagType;
  variants: readonly VariantText[];
  onChange: (variants: VariantText[]) => void;
  /** Show what is wrong: after the first try. */
  tried: boolean;
}

/** The variants of a new flag; the last one is served while it is off. */
export function VariantFields({ type, variants, onChange, tried }: VariantFieldsProps) {
  const edit = (id: number, change: Partial<VariantText>) =>
    onChange(variants.map((variant) => (variant.id === id ? { ...variant, ...change } : variant)));
  return (
    <fieldset>
      <legend className="mb-1 font-medium text-sm">Variants</legend>
      <div className="grid gap-2">
        {variants.map((variant, at) => {
          const read = readValue(type, variant.value);
          return (
            <div key={variant.id} className="grid grid-cols-[1fr_1.4fr_auto] items-start gap-2">
              <TextField
                label={`Key of variant ${at + 1}`}
                hideLabel
                mono
                placeholder="key"
                value={variant.key}
                error={tried ? keyProblem(variant.key) : undefined}
                onChange={(event) => edit(variant.id, { key: event.target.value })}
              />
              <TextField
                label={`Value of variant ${at + 1}`}
                hideLabel
                mono={type !== "string"}
                placeholder="value"
                value={variant.value}
                error={tried && "problem" in read ? read.problem : undefined}
                onChange={(event) => edit(variant.id, { value: event.target.value })}
              />
              <Button
                look="ghost"
                size="icon"
                aria-label={`Remove variant ${at + 1}`}
                reason={variants.length < 2 ? "A flag needs a variant." : undefined}
                onClick={() => onChange(variants.filter((other) => other.id !== variant.id))}
              >
                <Trash2 aria-hidden className="size-4" />
              </Button>
            </div>
          );
        })}
      </div>
      <div className="mt-2 flex flex-wrap items-center justify-between gap-2">
        <Button
          size="small"
          onClick={() =>
            onChange([...variants, { id: Math.max(...variants.map(({ id }) => id)) + 1, key: "", value: "" }])
          }
        >
          <Plus aria-hidden className="size-4" />
          Add a variant
        </Button>
        <span className="text-muted text-sm">The last one is served while the flag is off.</span>
      </div>
    </fieldset>
  );
}
