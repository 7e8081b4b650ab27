"use client";

import { ChipsField } from "@telltale/ui";
import type { FlagConfiguration, Variant } from "../../query/outputs.ts";

interface TargetsCardProps {
  targets: FlagConfiguration["targets"];
  variants: readonly Variant[];
  disabled: boolean;
  onChange: (targets: FlagConfiguration["targets"]) => void;
}

/** Ids that get a variant before any rule is evaluated. */
export function TargetsCard({ targets, variants, disabled, onChange }: TargetsCardProps) {
  const count = targets.reduce((sum, target) => sum + target.ids.length, 0);
  const idsOf = (variant: string) => targets.find((target) => target.variant === variant)?.ids ?? [];
  const set = (variant: string, ids: string[]) => {
    const lists = variants.map(({ key }) => ({ variant: key, ids: key === variant ? ids : idsOf(key) }));
    onChange(lists.filter((list) => list.ids.length > 0));
  };
  return (
    <details className="rounded-lg border border-line bg-raised shadow-low" open={count > 0}>
      <summary className="flex min-h-11 cursor-pointer items-center gap-2 rounded-lg px-4 font-semibold">
        Individual targets
        <span className="font-normal text-muted text-sm">
          {count === 0 ? "nobody" : `${count} ${count === 1 ? "id" : "ids"}, before any rule`}
        </span>
      </summary>
      <div className="grid gap-3 border-line border-t p-4">
        {variants.map(({ key }) => (
          <ChipsField
            key={key}
            label={`Always get ${key}`}
            values={idsOf(key)}
            placeholder="targeting keys, Enter after each"
            disabled={disabled}
            onChange={(ids) => set(key, ids)}
          />
        ))}
      </div>
    </details>
  );
}
