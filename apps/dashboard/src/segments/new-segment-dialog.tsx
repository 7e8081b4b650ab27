"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Dialog, DialogActions, TextField } from "@telltale/ui";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { NEEDS_SCRIPTS } from "../base-path.ts";
import { keyFromName, keyProblem } from "../flags/create/new-flag.ts";
import { pathTo } from "../place/paths.ts";
import { usePlace } from "../place/place.tsx";
import { readProblem } from "../query/problem.ts";
import { ProblemNote } from "../query/problem-note.tsx";
import { useTRPC } from "../query/trpc.ts";
import { useKept } from "../unsaved/kept.ts";

interface NewSegmentDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Creates an empty segment and opens its page. Closed by Escape, it keeps what was typed; Cancel drops it. */
export function NewSegmentDialog({ open, onOpenChange }: NewSegmentDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="New segment"
      description="It holds nobody until you fill it."
    >
      <NewSegmentForm onCancel={() => onOpenChange(false)} />
    </Dialog>
  );
}

function NewSegmentForm({ onCancel }: { onCancel: () => void }) {
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const { project } = usePlace();
  const [form, keep] = useKept<{ name: string; key: string | undefined }>(`new-segment/${project.address}`);
  const { name, key: typedKey } = form ?? { name: "", key: undefined };
  const [tried, setTried] = useState(false);
  const key = typedKey ?? keyFromName(name);
  const wrong = keyProblem(key);
  const save = useMutation(
    trpc.segment.save.mutationOptions({
      onSuccess: async () => {
        await queryClient.invalidateQueries();
        keep(undefined);
        router.push(pathTo(project, "segments", key));
      },
    }),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (wrong) return;
    const definition = { included: [], excluded: [], rules: [] };
    save.mutate({ project: project.address, key, name: name.trim() || key, definition, expectedRevision: null });
  };
  return (
    <form {...NEEDS_SCRIPTS} onSubmit={submit} className="grid gap-4" noValidate>
      <TextField
        label="Name"
        value={name}
        placeholder="Staff"
        onChange={(event) => keep({ name: event.target.value, key: typedKey })}
      />
      <TextField
        label="Key"
        mono
        value={key}
        error={tried ? wrong : undefined}
        onChange={(event) => keep({ name, key: event.target.value })}
      />
      {save.error ? <ProblemNote problem={readProblem(save.error)} /> : null}
      <DialogActions>
        <Button
          look="ghost"
          onClick={() => {
            keep(undefined);
            onCancel();
          }}
        >
          Cancel
        </Button>
        <Button type="submit" look="solid" busy={save.isPending || save.isSuccess}>
          Create
        </Button>
      </DialogActions>
    </form>
  );
}
