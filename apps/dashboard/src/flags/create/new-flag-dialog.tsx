"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Choice, Dialog, DialogActions, Select, TextField } from "@telltale/ui";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { NEEDS_SCRIPTS } from "../../base-path.ts";
import { pathToFlag } from "../../place/paths.ts";
import { usePlace } from "../../place/place.tsx";
import { readProblem } from "../../query/problem.ts";
import { ProblemNote } from "../../query/problem-note.tsx";
import { useTRPC } from "../../query/trpc.ts";
import { useKept } from "../../unsaved/kept.ts";
import { hintOf, VISIBILITIES, type Visibility } from "../visibility.ts";
import { type FlagType, firstVariants, keyFromName, keyProblem, readValue, type VariantText } from "./new-flag.ts";
import { VariantFields } from "./variant-fields.tsx";

const TYPES = [
  { value: "boolean", label: "On / off" },
  { value: "string", label: "Text" },
  { value: "number", label: "Number" },
  { value: "json", label: "JSON" },
] as const;

interface NewFlagDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Creates a flag and opens its page. Closed by Escape, it keeps what was typed; Cancel drops it. */
export function NewFlagDialog({ open, onOpenChange }: NewFlagDialogProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="New flag" description="It starts off in every environment.">
      <NewFlagForm onCancel={() => onOpenChange(false)} />
    </Dialog>
  );
}

interface Form {
  name: string;
  /** Undefined while it follows the name. */
  key: string | undefined;
  type: FlagType;
  visibility: Visibility;
  variants: VariantText[];
}

const BLANK: Form = {
  name: "",
  key: undefined,
  type: "boolean",
  visibility: "client",
  variants: firstVariants("boolean"),
};

function NewFlagForm({ onCancel }: { onCancel: () => void }) {
  const { project } = usePlace();
  const [form = BLANK, setForm] = useKept<Form>(`new-flag/${project.address}`);
  const [tried, setTried] = useState(false);
  const { submit, busy, problem } = useCreateFlag(() => setForm(undefined));
  const key = form.key ?? keyFromName(form.name);
  const wrongKey = keyProblem(key);
  const edit = (change: Partial<Form>) => setForm({ ...form, ...change });
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!wrongKey) submit({ ...form, key, name: form.name.trim() || key });
  };
  return (
    <form {...NEEDS_SCRIPTS} onSubmit={onSubmit} className="grid gap-4" noValidate>
      <TextField
        label="Name"
        value={form.name}
        placeholder="Free shipping"
        onChange={(event) => edit({ name: event.target.value })}
      />
      <TextField
        label="Key"
        mono
        value={key}
        hint="The code evaluates the flag by its key. It cannot be changed later."
        error={tried ? wrongKey : undefined}
        onChange={(event) => edit({ key: event.target.value })}
      />
      <div>
        <p className="mb-1 font-medium text-sm">Type</p>
        <Choice
          label="Type"
          value={form.type}
          options={TYPES}
          onChange={(type) => edit({ type, variants: firstVariants(type) })}
        />
      </div>
      {form.type === "boolean" ? null : (
        <VariantFields
          type={form.type}
          variants={form.variants}
          tried={tried}
          onChange={(variants) => edit({ variants })}
        />
      )}
      <Select
        label="In browsers and apps"
        hint={hintOf(form.visibility)}
        value={form.visibility}
        options={VISIBILITIES}
        onChange={(visibility) => edit({ visibility })}
      />
      {problem ? <ProblemNote problem={problem} /> : null}
      <DialogActions>
        <Button
          look="ghost"
          onClick={() => {
            setForm(undefined);
            onCancel();
          }}
        >
          Cancel
        </Button>
        <Button type="submit" look="solid" busy={busy}>
          Create
        </Button>
      </DialogActions>
    </form>
  );
}

function useCreateFlag(onCreated: () => void) {
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const { project } = usePlace();
  const create = useMutation(
    trpc.flag.create.mutationOptions({
      onSuccess: async ({ key }) => {
        await queryClient.invalidateQueries();
        onCreated();
        router.push(pathToFlag(project, key));
      },
    }),
  );
  const submit = ({ variants, ...form }: Form & { key: string }) => {
    const read = variants.map(({ key, value }) => ({ key, ...readValue(form.type, value) }));
    const good = read.filter((variant) => "value" in variant && keyProblem(variant.key) === undefined);
    if (good.length < read.length) return;
    const values = good.flatMap((variant) => ("value" in variant ? [{ key: variant.key, value: variant.value }] : []));
    create.mutate({ project: project.address, ...form, ...(form.type === "boolean" ? {} : { variants: values }) });
  };
  return {
    submit,
    busy: create.isPending || create.isSuccess,
    problem: create.error ? readProblem(create.error) : undefined,
  };
}
