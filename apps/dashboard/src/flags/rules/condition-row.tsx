"use client";

import { ChipsField, Select, TextField } from "@telltale/ui";
import type { ConfigCondition } from "../../query/outputs.ts";
import {
  type AttributeCondition,
  conditionProblems,
  makeCondition,
  OPERATOR_CHOICES,
  operatorChoiceOf,
  type SegmentCondition,
  valueExample,
  valueKind,
  valueTexts,
} from "../draft/conditions.ts";
import { NumberField } from "./number-field.tsx";
import { RemoveButton } from "./remove-button.tsx";

export interface ConditionRowProps {
  condition: ConfigCondition;
  /** "condition 1 of rule 2": names the fields. */
  name: string;
  /** Keys of the segments one may ask for. */
  segments: readonly string[];
  /** Show what is missing. */
  tried: boolean;
  disabled: boolean;
  onChange: (condition: ConfigCondition) => void;
  onRemove: () => void;
}

/** One condition: an attribute and its values, or a segment. */
export function ConditionRow(props: ConditionRowProps) {
  const { condition, name, disabled, onRemove } = props;
  return (
    <div className="flex items-start gap-2">
      <div className="grid min-w-0 grow gap-2 sm:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_minmax(0,2fr)]">
        {"segments" in condition ? (
          <SegmentFields {...props} condition={condition} />
        ) : (
          <AttributeFields {...props} condition={condition} />
        )}
      </div>
      {disabled ? null : <RemoveButton name={name} onRemove={onRemove} />}
    </div>
  );
}

type FieldsProps<C> = Omit<ConditionRowProps, "condition"> & { condition: C };

function AttributeFields({ condition, name, tried, disabled, onChange }: FieldsProps<AttributeCondition>) {
  const operator = operatorChoiceOf(condition);
  const texts = valueTexts(condition);
  const problems = tried ? conditionProblems(condition) : {};
  const kind = valueKind(operator);
  const setTexts = (next: string[]) => onChange(makeCondition(condition.attribute, operator, next));
  return (
    <>
      <TextField
        label={`Attribute of ${name}`}
        hideLabel
        mono
        autoComplete="off"
        placeholder="attribute"
        value={condition.attribute}
        disabled={disabled}
        error={problems.attribute}
        onChange={(event) => onChange({ ...condition, attribute: event.target.value })}
      />
      <Select
        label={`Operator of ${name}`}
        hideLabel
        value={operator}
        options={OPERATOR_CHOICES}
        disabled={disabled}
        onChange={(next) => onChange(makeCondition(condition.attribute, next, texts))}
      />
      {kind === "texts" || kind === "numbers" ? (
        <ChipsField
          label={`Values of ${name}`}
          hideLabel
          values={texts}
          placeholder={valueExample(operator) ?? `${kind === "texts" ? "values" : "numbers"}, Enter after each`}
          disabled={disabled}
          error={problems.values}
          onChange={setTexts}
        />
      ) : null}
      {kind === "text" ? (
        <TextField
          label={`Value of ${name}`}
          hideLabel
          mono
          autoComplete="off"
          placeholder={valueExample(operator)}
          value={texts[0] ?? ""}
          disabled={disabled}
          error={problems.values}
          onChange={(event) => setTexts([event.target.value])}
        />
      ) : null}
      {kind === "number" ? (
        <NumberField
          label={`Value of ${name}`}
          value={texts[0] ?? ""}
          disabled={disabled}
          error={problems.values}
          onChange={(text) => setTexts([text])}
        />
      ) : null}
    </>
  );
}

const SEGMENT_OPERATORS = [
  { value: "inSegment", label: "is in" },
  { value: "notInSegment", label: "is not in" },
] as const;

function SegmentFields({ condition, name, segments, tried, disabled, onChange }: FieldsProps<SegmentCondition>) {
  const problems = tried ? conditionProblems(condition) : {};
  const [chosen = ""] = condition.segments;
  const options = [
    ...(chosen === "" ? [{ value: "", label: "Choose a segment" }] : []),
    ...segments.map((key) => ({ value: key, label: key })),
  ];
  return (
    <>
      <span className="flex h-8 items-center text-ink-2">Segment</span>
      <Select
        label={`Operator of ${name}`}
        hideLabel
        value={condition.op}
        options={SEGMENT_OPERATORS}
        disabled={disabled}
        onChange={(op) => onChange({ ...condition, op })}
      />
      {condition.segments.length > 1 ? (
        <ChipsField
          label={`Segments of ${name}`}
          hideLabel
          values={condition.segments}
          disabled={disabled}
          error={problems.values}
          onChange={(next) => onChange({ ...condition, segments: next })}
        />
      ) : (
        <Select
          label={`Segment of ${name}`}
          hideLabel
          value={chosen}
          options={options}
          disabled={disabled}
          error={problems.values}
          onChange={(key) => onChange({ ...condition, segments: key === "" ? [] : [key] })}
        />
      )}
    </>
  );
}
