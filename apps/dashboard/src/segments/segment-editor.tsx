"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Card, ChipsField, notify, TextField } from "@telltale/ui";
import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { blankCondition, ConditionList } from "../flags/rules/condition-list.tsx";
import type { SegmentDetail } from "../query/outputs.ts";
import { type Problem, readProblem } from "../query/problem.ts";
import { useTRPC } from "../query/trpc.ts";
import { useNoChangeReason, usePlace } from "../shell/project.tsx";
import { type SegmentForm, segmentForm, segmentProblems } from "./segment-form.ts";

interface SegmentEditorProps {
  segment: SegmentDetail;
  usedBy: readonly string[];
}

/** Listed ids and rules; any one rule is enough. */
export function SegmentEditor({ segment, usedBy }: SegmentEditorProps) {
  const reason = useNoChangeReason();
  const [edited, setEdited] = useState<SegmentForm>();
  const [tried, setTried] = useState(false);
  const form = edited ?? segmentForm(segment);
  const { save, busy, problem } = useSaveSegment(segment, () => {
    setEdited(undefined);
    setTried(false);
  });
  const problems = segmentProblems(form);
  const disabled = reason !== undefined;
  const setDefinition = (change: Partial<SegmentForm["definition"]>) =>
    setEdited({ ...form, definition: { ...form.definition, ...change } });
  const submit = () => {
    setTried(true);
    if (problems.length === 0) save(form);
  };
  return (
    <div className="grid max-w-4xl grid-cols-1 gap-4">
      <Card title="Name">
        <div className="grid gap-3 sm:grid-cols-2">
          <TextField
            label="Name"
            value={form.name}
            disabled={disabled}
            onChange={(event) => setEdited({ ...form, name: event.target.value })}
          />
          <TextField
            label="Description"
            value={form.description}
            disabled={disabled}
            onChange={(event) => setEdited({ ...form, description: event.target.value })}
          />
        </div>
      </Card>
      <Card title="Listed">
        <div className="grid gap-3">
          <ChipsField
            label="Always in"
            values={form.definition.included}
            placeholder="targeting keys; paste a list if you have one"
            disabled={disabled}
            onChange={(included) => setDefinition({ included })}
          />
          <ChipsField
            label="Never in, whatever the rules say"
            values={form.definition.excluded}
            placeholder="targeting keys"
            disabled={disabled}
            onChange={(excluded) => setDefinition({ excluded })}
          />
        </div>
      </Card>
      <SegmentRules
        rules={form.definition.rules}
        tried={tried}
        disabled={disabled}
        onChange={(rules) => setDefinition({ rules })}
      />
      {edited ? (
        <SaveBar
          usedBy={usedBy}
          problems={tried ? problems : []}
          problem={problem}
          busy={busy}
          onDiscard={() => setEdited(undefined)}
          onSave={submit}
        />
      ) : null}
    </div>
  );
}

interface SegmentRulesProps {
  rules: SegmentForm["definition"]["rules"];
  tried: boolean;
  disabled: boolean;
  onChange: (rules: SegmentForm["definition"]["rules"]) => void;
}

function SegmentRules({ rules, tried, disabled, onChange }: SegmentRulesProps) {
  return (
    <Card title="Rules" aside={<span className="text-muted text-sm">any one is enough</span>}>
      <div className="grid grid-cols-1 gap-4">
        {rules.length === 0 ? <p className="text-ink-2">No rules: only the listed ids are in.</p> : null}
        {rules.map((rule, at) => (
          <section
            key={`rule-${at + 1}`}
            aria-label={`Rule ${at + 1}`}
            className="grid gap-2 rounded-md border border-line p-3"
          >
            <div className="flex items-center justify-between">
              <h3 className="font-medium">Rule {at + 1}</h3>
              {disabled ? null : (
                <Button
                  look="ghost"
                  size="icon"
                  aria-label={`Remove rule ${at + 1}`}
                  onClick={() => onChange(rules.toSpliced(at, 1))}
                >
                  <Trash2 aria-hidden className="size-4" />
                </Button>
              )}
            </div>
            <ConditionList
              conditions={rule}
              of={`rule ${at + 1}`}
              segments={[]}
              tried={tried}
              disabled={disabled}
              onChange={(next) => onChange(rules.with(at, next))}
            />
          </section>
        ))}
        {disabled ? null : (
          <Button className="w-fit" onClick={() => onChange([...rules, [blankCondition]])}>
            <Plus aria-hidden className="size-4" />
            Add a rule
          </Button>
        )}
      </div>
    </Card>
  );
}

interface SaveBarProps {
  usedBy: readonly string[];
  problems: readonly string[];
  problem: Problem | undefined;
  busy: boolean;
  onDiscard: () => void;
  onSave: () => void;
}

function SaveBar({ usedBy, problems, problem, busy, onDiscard, onSave }: SaveBarProps) {
  const all = problem ? [...problems, problem.message] : problems;
  return (
    <section
      aria-label="Unsaved changes"
      className="sticky bottom-3 z-10 flex flex-wrap items-center justify-between gap-3 rounded-lg border border-control bg-raised px-4 py-3 shadow-high"
    >
      <div role="status">
        <p className="font-semibold">Unsaved changes</p>
        <p className="text-ink-2">
          {usedBy.length === 0
            ? "No flag uses it yet."
            : `Saving changes who gets what at once, in every environment: ${usedBy.join(", ")}.`}
        </p>
        {all.map((text) => (
          <p key={text} className="text-danger text-sm">
            {text}
          </p>
        ))}
      </div>
      <div className="flex gap-2">
        <Button look="ghost" onClick={onDiscard}>
          Discard
        </Button>
        <Button look="solid" busy={busy} onClick={onSave}>
          Save
        </Button>
      </div>
    </section>
  );
}

function useSaveSegment(segment: SegmentDetail, onSaved: () => void) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { project } = usePlace();
  const mutation = useMutation(
    trpc.segment.save.mutationOptions({
      onSuccess: async ({ revision, sentence }) => {
        await queryClient.invalidateQueries();
        onSaved();
        notify(revision === segment.revision ? sentence : `Saved ${segment.key}.`);
      },
      onError: () => void queryClient.invalidateQueries(),
    }),
  );
  const save = (form: SegmentForm) =>
    mutation.mutate({ project: project.key, key: segment.key, ...form, expectedRevision: segment.revision });
  return { save, busy: mutation.isPending, problem: mutation.error ? readProblem(mutation.error) : undefined };
}
