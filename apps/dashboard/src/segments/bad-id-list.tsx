"use client";

import { Button, CopyButton, formatCount } from "@telltale/ui";
import { useState } from "react";
import { type BadId, ID_LISTS } from "./bad-ids.ts";

const STEP = 100;
const WRITTEN = 80;

interface BadIdListProps {
  ids: readonly BadId[];
  /** How many more were found and are not shown. */
  untold: number;
  onRemove: (ids: readonly BadId[]) => void;
}

/** The ids that cannot be saved, each by its value and the reason; all of them can be reached, copied and removed. */
export function BadIdList({ ids, untold, onRemove }: BadIdListProps) {
  const [shown, setShown] = useState(STEP);
  const one = ids.length === 1;
  return (
    <section aria-label="Ids that cannot be saved" className="rounded-lg border border-danger bg-danger-soft p-4">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2 className="font-semibold">
          <span role="alert">
            {formatCount(ids.length)} {one ? "id" : "ids"} cannot be saved
          </span>
        </h2>
        <span className="flex flex-wrap gap-2">
          <CopyButton text={ids.map(({ value }) => value).join("\n")} label="Copy these ids" size="small" />
          <Button size="small" onClick={() => onRemove(ids)}>
            Remove {one ? "it" : `all ${formatCount(ids.length)}`}
          </Button>
        </span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <ul tabIndex={0} aria-label="Ids and reasons" className="mt-2 max-h-72 divide-y divide-line overflow-auto">
        {ids.slice(0, shown).map((id) => (
          <li key={`${id.list} ${id.value}`} className="flex items-start justify-between gap-3 py-1.5">
            <span className="min-w-0">
              <code className="break-all font-mono text-sm">{written(id.value)}</code>
              <span className="block text-ink-2 text-sm">
                {ID_LISTS[id.list]}: {id.reason}
              </span>
            </span>
            <Button size="small" aria-label={`Remove ${written(id.value)}`} onClick={() => onRemove([id])}>
              Remove
            </Button>
          </li>
        ))}
      </ul>
      {ids.length > shown ? (
        <Button className="mt-2" size="small" onClick={() => setShown(shown + STEP)}>
          Show {formatCount(Math.min(STEP, ids.length - shown))} more of {formatCount(ids.length - shown)}
        </Button>
      ) : null}
      {untold > 0 ? (
        <p className="mt-2 text-sm">
          {formatCount(untold)} more problems were found; they are listed when these are put right.
        </p>
      ) : null}
    </section>
  );
}

/** The value as one can read it: an empty one has a name, a long one its begin and its length. */
function written(value: string): string {
  if (value === "") return "(empty)";
  return value.length > WRITTEN ? `${value.slice(0, WRITTEN)}… (${formatCount(value.length)} characters)` : value;
}
