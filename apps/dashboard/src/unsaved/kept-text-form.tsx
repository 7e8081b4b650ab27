"use client";

import { Button, TextArea } from "@telltale/ui";
import { NEEDS_SCRIPTS } from "../base-path.ts";
import { readProblem } from "../query/problem.ts";

interface KeptTextFormProps {
  /** What is typed, of `useKept`: whoever sends it forgets it once it is stored, also when the form is gone by then. */
  kept: readonly [string | undefined, (text: string | undefined) => void];
  label: string;
  hint?: string;
  maxLength: number;
  /** The button's words. */
  action: string;
  /** Why this person may not send it. */
  reason: string | undefined;
  sending: { isPending: boolean; error: unknown };
  onSend: (text: string) => void;
}

/** A text to be sent. What is typed stays until it is stored, whatever else is looked at meanwhile. */
export function KeptTextForm({ kept, label, hint, maxLength, action, reason, sending, onSend }: KeptTextFormProps) {
  const [typed = "", keep] = kept;
  return (
    <form
      {...NEEDS_SCRIPTS}
      className="grid justify-items-start gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (typed.trim()) onSend(typed);
      }}
    >
      <div className="w-full">
        <TextArea
          label={label}
          hint={hint}
          rows={2}
          maxLength={maxLength}
          value={typed}
          error={sending.error ? readProblem(sending.error).message : undefined}
          onChange={(event) => keep(event.target.value || undefined)}
        />
      </div>
      <Button
        type="submit"
        reason={reason ?? (typed.trim() ? undefined : "Write something first.")}
        busy={sending.isPending}
      >
        {action}
      </Button>
    </form>
  );
}
