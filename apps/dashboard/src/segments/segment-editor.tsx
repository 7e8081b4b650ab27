"use client";

import { Button, Card, ChipsField, TextField } from "@telltale/ui";
import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { blankCondition, ConditionList } from "../flags/rules/condition-list.tsx";
import { usePlace, useReason } from "../place/place.tsx";
import type { SegmentDetail } from "../query/outputs.ts";
import { useKept, useKeptNotice } from "../unsaved/kept.ts";
import { BadIdList } from "./bad-id-list.tsx";
import { contradictoryIds, ID_LISTS, refusedIds, refusesIds, withoutIds } from "./bad-ids.ts";
import { SaveBar } from "./save-bar.tsx";
import { editsOf, type SegmentEdit, type SegmentForm, segmentForm, segmentProblems } from "./segment-form.ts";
import { useSaveSegment } from "./use-save-segment.ts";

interface SegmentEditorProps {
  segment: SegmentDetail;
  usedBy: readonly string[];
}

/** Listed ids and rules; any one rule is enough. What is typed waits, whatever else is looked at meanwhile. */
export function SegmentEditor({ segment, usedBy }: SegmentEditorProps) {
  const disabled = useReason(["segment.update"]) !== undefined;
  const address = `${editsOf(usePlace().project.address)}${segment.key}`;
  const [edit, keep] = useKept<SegmentEdit>(address);
  useKeptNotice(address, `Your changes to ${segment.key}`);
  const [tried, setTried] = useState(false);
  const form = edit?.form ?? segmentForm(segment);
  const forget = () => {
    keep(undefined);
    setTried(false);
  };
  const saving = useSaveSegment(segment.key, forget);
  const setForm = (next: SegmentForm) => keep({ form: next, revision: edit?.revision ?? segment.revision });
  const setDefinition = (change: Partial<SegmentForm["definition"]>) =>
    setForm({ ...form, definition: { ...form.definition, ...change } });
  const badIds = [...(tried ? contradictoryIds(form) : []), ...refusedIds(saving.problem, saving.sent, form)];
  const save = (revision: number) => {
    setTried(true);
    if (segmentProblems(form).length + contradictoryIds(form).length === 0) saving.save(form, revision);
  };
  const { input, message, code } = saving.problem ?? {};
  const isConflict = code === "CONFLICT";
  const stops = [
    ...(tried ? segmentProblems(form) : []),
    ...(badIds.length > 0 ? ["Some ids cannot be saved: they are listed above."] : []),
    ...(message !== undefined && !refusesIds(saving.problem) ? [message] : []),
  ];
  return (
    <div className="grid max-w-4xl grid-cols-1 gap-4">
      <SegmentName form={form} disabled={disabled} onChange={setForm} />
      <SegmentIds definition={form.definition} disabled={disabled} onChange={setDefinition} />
      {badIds.length > 0 ? (
        <BadIdList
          ids={badIds}
          untold={input ? input.total - input.parts.length : 0}
          onRemove={(ids) => setForm(withoutIds(form, ids))}
        />
      ) : null}
      <SegmentRules
        rules={form.definition.rules}
        tried={tried}
        disabled={disabled}
        onChange={(rules) => setDefinition({ rules })}
      />
      {edit ? (
        <SaveBar
          usedBy={usedBy}
          problems={stops}
          newer={segment.revision > edit.revision ? segment.revision : undefined}
          isConflict={isConflict}
          busy={saving.busy}
          onDiscard={forget}
          onSave={() => save(isConflict ? Math.max(segment.revision, edit.revision) : edit.revision)}
        />
      ) : null}
    </div>
  );
}

interface PartProps<Part> {
  disabled: boolean;
  onChange: (part: Part) => void;
}

function SegmentName({ form, disabled, onChange }: PartProps<SegmentForm> & { form: SegmentForm }) {
  return (
    <Card title="Name">
      <div className="grid gap-3 sm:grid-cols-2">
        <TextField
          label="Name"
          value={form.name}
          disabled={disabled}
          onChange={(event) => onChange({ ...form, name: event.target.value })}
        />
        <TextField
          label="Description"
          value={form.description}
          disabled={disabled}
          onChange={(event) => onChange({ ...form, description: event.target.value })}
        />
      </div>
    </Card>
  );
}

type Definition = SegmentForm["definition"];

function SegmentIds({ definition, disabled, onChange }: PartProps<Partial<Definition>> & { definition: Definition }) {
  return (
    <Card title="Listed">
      <div className="grid gap-3">
        <ChipsField
          label={ID_LISTS.included}
          values={definition.included}
          placeholder="targeting keys; paste a list if you have one"
          disabled={disabled}
          onChange={(included) => onChange({ included })}
        />
        <ChipsField
          label={`${ID_LISTS.excluded}, whatever the rules say`}
          values={definition.excluded}
          placeholder="targeting keys"
          disabled={disabled}
          onChange={(excluded) => onChange({ excluded })}
        />
      </div>
    </Card>
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
