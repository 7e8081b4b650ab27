"use client";

import { Button } from "@telltale/ui";

interface SaveBarProps {
  usedBy: readonly string[];
  /** What stops it, a sentence each. */
  problems: readonly string[];
  /** A revision that somebody saved while this was edited. */
  newer: number | undefined;
  /** Whether both changed the same of it, so that this cannot be put on top. */
  isConflict: boolean;
  busy: boolean;
  onDiscard: () => void;
  onSave: () => void;
}

/** Follows the page while there are edits: what saving does, what stops it, and the two ways on. */
export function SaveBar({ usedBy, problems, newer, isConflict, busy, onDiscard, onSave }: SaveBarProps) {
  return (
    <section
      aria-label="Unsaved changes"
      className="sticky bottom-3 z-10 flex flex-wrap items-center justify-between gap-3 rounded-lg border border-control bg-raised px-4 py-3 shadow-high"
    >
      <div role="status" className="min-w-0">
        <p className="font-semibold">Unsaved changes</p>
        {newer === undefined ? null : (
          <p className="text-warn">
            Revision {newer} was saved by somebody while you were editing.{" "}
            {isConflict
              ? "Both of you changed the same. Discard yours to see it, or save yours in its place."
              : "Discard yours to see it, or save yours on top: what they changed stays."}
          </p>
        )}
        <p className="text-ink-2">
          {usedBy.length === 0
            ? "No flag uses it yet."
            : `Saving changes who gets what at once, in every environment: ${usedBy.join(", ")}.`}
        </p>
        {problems.map((text) => (
          <p key={text} className="break-words text-danger text-sm">
            {text}
          </p>
        ))}
      </div>
      <div className="flex gap-2">
        <Button look="ghost" onClick={onDiscard}>
          Discard
        </Button>
        <Button look="solid" busy={busy} onClick={onSave}>
          {newer === undefined ? "Save" : `Save ${isConflict ? "in place" : "on top"} of revision ${newer}`}
        </Button>
      </div>
    </section>
  );
}
