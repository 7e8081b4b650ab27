"use client";

import { Badge, Button, Time } from "@telltale/ui";

interface RevisionRowProps {
  revision: { revision: number; sentence: string; comment?: string; actorName: string; at: Date };
  /** In place of the way back to it: what the revision that counts now is called. */
  now: string | undefined;
  /** Why this person may not go back. */
  reason: string | undefined;
  onRevert: () => void;
}

/** One line of a history, and the way back to it. */
export function RevisionRow({ revision, now, reason, onRevert }: RevisionRowProps) {
  return (
    <li className="flex flex-wrap items-start justify-between gap-3 px-4 py-3">
      <div className="min-w-0 flex-1 basis-72">
        <p className="break-words">
          <span className="mr-2 font-mono text-muted text-sm">r{revision.revision}</span>
          {revision.sentence}
        </p>
        {revision.comment ? <p className="mt-0.5 break-words text-ink-2">“{revision.comment}”</p> : null}
        <p className="mt-0.5 text-muted text-sm">
          {revision.actorName}, <Time at={revision.at} />
        </p>
      </div>
      {now === undefined ? (
        <Button size="small" reason={reason} onClick={onRevert}>
          Revert to r{revision.revision}
        </Button>
      ) : (
        <Badge tone="accent">{now}</Badge>
      )}
    </li>
  );
}
