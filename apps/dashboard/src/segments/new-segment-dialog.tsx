"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Dialog, DialogActions, TextField } from "@telltale/ui";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { NEEDS_SCRIPTS } from "../base-path.ts";
import { keyFromName, keyProblem } from "../flags/create/new-flag.ts";
import { readProblem } from "../query/problem.ts";
import { useTRPC } from "../query/trpc.ts";
import { usePlace } from "../shell/project.tsx";

interface NewSegmentDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Creates an empty segment and opens its page. */
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
  const [name, setName] = useState("");
  const [typedKey, setTypedKey] = useState<string>();
  const [tried, setTried] = useState(false);
  const key = typedKey ?? keyFromName(name);
  const wrong = keyProblem(key);
  const save = useMutation(
    trpc.segment.save.mutationOptions({
      onSuccess: async () => {
        await queryClient.invalidateQueries();
        router.push(`/${project.key}/segments/${key}`);
      },
    }),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (wrong) return;
    const definition = { included: [], excluded: [], rules: [] };
    save.mutate({ project: project.key, key, name: name.trim() || key, definition, expectedRevision: null });
  };
  return (
    <form {...NEEDS_SCRIPTS} onSubmit={submit} className="grid gap-4" noValidate>
      <TextField label="Name" value={name} placeholder="Staff" onChange={(event) => setName(event.target.value)} />
      <TextField
        label="Key"
        mono
        value={key}
        error={tried ? wrong : undefined}
        onChange={(event) => setTypedKey(event.target.value)}
      />
      {save.error ? (
        <p role="alert" className="rounded-md border border-danger bg-danger-soft px-3 py-2">
          {readProblem(save.error).message}
        </p>
      ) : null}
      <DialogActions>
        <Button look="ghost" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" look="solid" busy={save.isPending || save.isSuccess}>
          Create
        </Button>
      </DialogActions>
    </form>
  );
}
