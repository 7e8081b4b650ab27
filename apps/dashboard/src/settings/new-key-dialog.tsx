"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Choice, CopyButton, Dialog, DialogActions, Select, TextField } from "@telltale/ui";
import { type FormEvent, useState } from "react";
import { NEEDS_SCRIPTS } from "../base-path.ts";
import { usePlace } from "../place/place.tsx";
import type { Environment } from "../query/outputs.ts";
import { readProblem } from "../query/problem.ts";
import { ProblemNote } from "../query/problem-note.tsx";
import { useTRPC } from "../query/trpc.ts";

const AUDIENCES = [
  { value: "client", label: "Browsers and apps" },
  { value: "server", label: "Servers" },
] as const;
type Audience = (typeof AUDIENCES)[number]["value"];

const HINTS: Record<Audience, string> = {
  client: "Anyone may see it: it opens only what browsers and apps get anyway.",
  server: "A secret: it opens every rule of the environment.",
};

interface NewKeyDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  environments: readonly Environment[];
}

/** Makes a key and shows it, this once, to be copied. */
export function NewKeyDialog({ open, onOpenChange, environments }: NewKeyDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="New SDK key"
      description="It is shown once, when it is made: only a hash of it is kept."
    >
      <NewKey environments={environments} onClose={() => onOpenChange(false)} />
    </Dialog>
  );
}

interface NewKeyProps {
  environments: readonly Environment[];
  onClose: () => void;
}

function NewKey({ environments, onClose }: NewKeyProps) {
  const trpc = useTRPC();
  const { project } = usePlace();
  const queryClient = useQueryClient();
  const [name, setName] = useState("");
  const [environment, setEnvironment] = useState(environments[0]?.key ?? "");
  const [audience, setAudience] = useState<Audience>("client");
  const make = useMutation(
    trpc.key.create.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries({ queryKey: trpc.key.list.pathKey() }),
    }),
  );
  if (make.data) return <MadeKey value={make.data.key} audience={audience} onClose={onClose} />;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate({ project: project.address, environment, audience, name: name.trim() || `${environment} ${audience}` });
  };
  return (
    <form {...NEEDS_SCRIPTS} onSubmit={submit} className="grid gap-4" noValidate>
      <TextField
        label="Name"
        value={name}
        maxLength={200}
        placeholder={`${environment} ${audience}`}
        hint="Says later what it is used for: the app or the team."
        onChange={(event) => setName(event.target.value)}
      />
      <Select
        label="Environment"
        value={environment}
        options={environments.map((each) => ({ value: each.key, label: each.name }))}
        onChange={setEnvironment}
      />
      <div>
        <p aria-hidden className="mb-1 font-medium text-sm">
          For
        </p>
        <Choice label="For" value={audience} options={AUDIENCES} onChange={setAudience} />
        <p className="mt-1 text-muted text-sm">{HINTS[audience]}</p>
      </div>
      {make.error ? <ProblemNote problem={readProblem(make.error)} /> : null}
      <DialogActions>
        <Button look="ghost" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" look="solid" busy={make.isPending}>
          Create the key
        </Button>
      </DialogActions>
    </form>
  );
}

interface MadeKeyProps {
  value: string;
  audience: Audience;
  onClose: () => void;
}

const takeFocus = (element: HTMLElement | null) => element?.focus();

/** The key in clear. Its sentence takes the focus, so that whoever pressed Create hears of it. */
function MadeKey({ value, audience, onClose }: MadeKeyProps) {
  return (
    <div className="grid gap-4">
      <p role="status" ref={takeFocus} tabIndex={-1} className="outline-none">
        The key is made and works within a second. Copy it now: it cannot be shown again.
        {audience === "server" ? " Keep it where secrets are kept." : ""}
      </p>
      <div className="flex items-center gap-2 rounded-md border border-line bg-surface p-2">
        <code className="min-w-0 grow break-all font-mono text-sm">{value}</code>
        <CopyButton text={value} label="Copy the key" size="small" />
      </div>
      <DialogActions>
        <Button look="solid" onClick={onClose}>
          Done
        </Button>
      </DialogActions>
    </div>
  );
}
