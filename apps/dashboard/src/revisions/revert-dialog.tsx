"use client";

import { useQueryClient } from "@tanstack/react-query";
import { Button, type ChangeItem, ChangeList, Dialog, DialogActions, notify } from "@telltale/ui";
import { sayProblem } from "../flags/switch/use-flag-changes.ts";

interface RevertDialogProps {
  /** The revision to go back to; undefined: closed. */
  target: number | undefined;
  onClose: () => void;
  title: string;
  description: string;
  /** What going back would change. */
  changes: readonly ChangeItem[];
  /** What is said where that is nothing. */
  same: string;
  action: string;
  look: "solid" | "production";
  busy: boolean;
  /** Goes back. @returns what was done, for a toast */
  revert: (toRevision: number) => Promise<string>;
}

/** Shows what going back would change, then does it as a new revision. */
export function RevertDialog({
  target,
  onClose,
  changes,
  same,
  action,
  look,
  busy,
  revert,
  ...says
}: RevertDialogProps) {
  const queryClient = useQueryClient();
  const go = async (toRevision: number) => {
    try {
      notify(await revert(toRevision));
    } catch (error) {
      sayProblem("The revision was not restored", error);
    }
    onClose();
    await queryClient.invalidateQueries();
  };
  return (
    <Dialog open={target !== undefined} onOpenChange={onClose} wide title={says.title} description={says.description}>
      {changes.length === 0 ? <p>{same}</p> : <ChangeList label="Changes" changes={changes} />}
      <DialogActions>
        <Button look="ghost" onClick={onClose}>
          Cancel
        </Button>
        <Button
          look={look}
          busy={busy}
          reason={changes.length === 0 ? "Nothing would change." : undefined}
          onClick={() => (target === undefined ? undefined : void go(target))}
        >
          {action}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
