"use client";

import { listFlagChanges, movedParts } from "@telltale/configuration";
import { Button, ChangeList, Dialog, DialogActions, formatParts, TextArea } from "@telltale/ui";
import type { Problem } from "../../query/problem.ts";
import { ProblemNote } from "../../query/problem-note.tsx";
import { useKept } from "../../unsaved/kept.ts";
import { type Draft, isDirty } from "../draft/draft.ts";

const JUMP_PARTS = 25_000;

interface ReviewDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  environment: { key: string; critical: boolean };
  /** Where the comment is kept until it is published. */
  address: string;
  draft: Draft;
  busy: boolean;
  problem: Problem | undefined;
  onPublish: (comment: string) => void;
  /** Shown while a newer revision waits for a decision: with the comment that was typed so far. */
  conflict: ((comment: string) => React.ReactNode) | undefined;
}

/** What will change, before it does. */
export function ReviewDialog({ open, onOpenChange, environment, draft, ...rest }: ReviewDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      wide
      title={`Review the change to ${environment.key}`}
      description={`Revision ${draft.base.revision + 1}. It reaches running apps within a second.`}
    >
      <Review environment={environment} draft={draft} onCancel={() => onOpenChange(false)} {...rest} />
    </Dialog>
  );
}

type ReviewProps = Omit<ReviewDialogProps, "open" | "onOpenChange"> & { onCancel: () => void };

function Review({ environment, address, draft, busy, problem, onPublish, conflict, onCancel }: ReviewProps) {
  const [comment = "", keep] = useKept<string>(address);
  const changes = listFlagChanges(draft.base.config, draft.config);
  const jump = draft.config.on ? movedParts(draft.base.config, draft.config) : 0;
  return (
    <div className="grid gap-4">
      {conflict?.(comment)}
      <ChangeList label="Changes" changes={changes} />
      {draft.config.on ? null : (
        <p className="text-ink-2">The flag is off in {environment.key}: nobody notices until it is turned on.</p>
      )}
      {environment.critical && jump > JUMP_PARTS ? (
        <p className="rounded-md border border-warn bg-warn-soft px-3 py-2">
          A large step: {formatParts(jump)} of everyone else will get something else than now.
        </p>
      ) : null}
      <TextArea
        label="Comment (optional)"
        rows={2}
        placeholder="Why this, why now"
        value={comment}
        onChange={(event) => keep(event.target.value || undefined)}
      />
      {problem ? <ProblemNote problem={problem} /> : null}
      <DialogActions>
        <Button look="ghost" onClick={onCancel}>
          Keep editing
        </Button>
        <Button
          look={environment.critical ? "production" : "solid"}
          busy={busy}
          reason={conflict ? "Decide about the newer revision first." : isDirty(draft) ? undefined : "Nothing differs."}
          onClick={() => onPublish(comment)}
        >
          Publish to {environment.key}
        </Button>
      </DialogActions>
    </div>
  );
}
