"use client";

import { Button } from "@telltale/ui";

interface DraftBarProps {
  environment: { key: string; critical: boolean };
  /** How many changes wait. */
  count: number;
  problems: readonly string[];
  busy: boolean;
  onDiscard: () => void;
  onReview: () => void;
  onPublish: () => void;
}

/** Follows the page while there are edits: how many, what stops them, and the way on. */
export function DraftBar({ environment, count, problems, busy, onDiscard, onReview, onPublish }: DraftBarProps) {
  return (
    <section
      aria-label="Unpublished changes"
      className="sticky bottom-3 z-10 flex flex-wrap items-center justify-between gap-3 rounded-lg border border-control bg-raised px-4 py-3 shadow-high"
    >
      <div role="status" className="min-w-0">
        <p className="font-semibold">
          {count} unpublished {count === 1 ? "change" : "changes"} in {environment.key}
        </p>
        {problems.map((problem) => (
          <p key={problem} className="text-danger text-sm">
            {problem}
          </p>
        ))}
      </div>
      <div className="flex flex-wrap gap-2">
        <Button look="ghost" onClick={onDiscard}>
          Discard
        </Button>
        {environment.critical ? null : (
          <Button busy={busy} onClick={onPublish}>
            Publish to {environment.key}
          </Button>
        )}
        <Button look="solid" onClick={onReview}>
          Review and publish
        </Button>
      </div>
    </section>
  );
}
