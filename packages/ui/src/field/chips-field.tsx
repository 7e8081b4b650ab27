"use client";

import { X } from "lucide-react";
import { type ClipboardEvent, type KeyboardEvent, useId, useState } from "react";
import { Button } from "../action/button.tsx";
import { cx } from "../class-names.ts";
import { formatCount } from "../format.ts";
import { Field, fieldIds } from "./field.tsx";
import { TextArea } from "./text-field.tsx";

const SHOWN = 40;

/** Splits a pasted list at lines, commas, semicolons and tabs; empty pieces and doubles go. */
export function splitList(text: string): string[] {
  const pieces = text.split(/[\n\r,;\t]+/).map((piece) => piece.trim());
  return [...new Set(pieces.filter((piece) => piece !== ""))];
}

export interface ChipsFieldProps {
  label: string;
  hideLabel?: boolean;
  values: readonly string[];
  onChange: (values: string[]) => void;
  placeholder?: string;
  error?: string | undefined;
  disabled?: boolean;
}

/**
 * A list of values: Enter or comma adds, Backspace in the empty field takes the last one, a pasted list is split. A long
 * list is shown in part, and whole as a text with a value a line.
 */
export function ChipsField(props: ChipsFieldProps) {
  const [asText, setAsText] = useState(false);
  const long = props.values.length > SHOWN;
  return (
    <div className="min-w-0">
      {asText && long ? <ListText {...props} /> : <Chips {...props} />}
      {long ? (
        <p className="mt-1 flex flex-wrap items-center gap-2 text-muted text-sm">
          {asText ? "One a line." : `${SHOWN} of ${formatCount(props.values.length)} are shown.`}
          <Button size="small" look="ghost" onClick={() => setAsText(!asText)}>
            {asText ? "Show the first ones only" : `Show all ${formatCount(props.values.length)} as text`}
          </Button>
        </p>
      ) : null}
    </div>
  );
}

/** The whole list as a text; what was written there counts when the field is left. */
function ListText({ label, hideLabel, values, onChange, error, disabled }: ChipsFieldProps) {
  const [text, setText] = useState<string>();
  const leave = () => {
    if (text !== undefined) onChange(splitList(text));
    setText(undefined);
  };
  return (
    <TextArea
      label={label}
      hideLabel={hideLabel ?? false}
      error={error}
      disabled={disabled}
      mono
      rows={12}
      spellCheck={false}
      value={text ?? values.join("\n")}
      onChange={(event) => setText(event.target.value)}
      onBlur={leave}
    />
  );
}

function Chips({ label, hideLabel, values, onChange, placeholder, error, disabled }: ChipsFieldProps) {
  const id = useId();
  const [text, setText] = useState("");
  const add = (pieces: string[]) => {
    setText("");
    if (pieces.length > 0) onChange([...new Set([...values, ...pieces])]);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" || event.key === ",") {
      event.preventDefault();
      add(splitList(text));
    } else if (event.key === "Backspace" && text === "" && values.length > 0) {
      onChange(values.slice(0, -1));
    }
  };
  const onPaste = (event: ClipboardEvent) => {
    const pasted = event.clipboardData.getData("text");
    if (splitList(pasted).length < 2) return;
    event.preventDefault();
    add(splitList(text + pasted));
  };
  return (
    <Field id={id} label={label} hideLabel={hideLabel} error={error}>
      <div
        className={cx(
          "flex min-h-8 flex-wrap items-center gap-1 rounded-md border bg-bg p-1 focus-within:outline-2 focus-within:outline-accent",
          error ? "border-danger" : "border-control",
        )}
      >
        {values.slice(0, SHOWN).map((value) => (
          <Chip
            key={value}
            value={value}
            disabled={disabled}
            onRemove={() => onChange(values.filter((other) => other !== value))}
          />
        ))}
        {values.length > SHOWN ? (
          <span className="text-muted text-sm">and {formatCount(values.length - SHOWN)} more</span>
        ) : null}
        <input
          {...fieldIds(id, undefined, error)}
          value={text}
          disabled={disabled}
          autoComplete="off"
          placeholder={values.length === 0 ? placeholder : undefined}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
          onBlur={() => add(splitList(text))}
          className="h-6 min-w-20 grow bg-transparent px-1.5 outline-none"
        />
      </div>
    </Field>
  );
}

interface ChipProps {
  value: string;
  disabled: boolean | undefined;
  onRemove: () => void;
}

function Chip({ value, disabled, onRemove }: ChipProps) {
  return (
    <span className="inline-flex max-w-full items-center rounded-sm bg-neutral-soft pl-1.5 text-sm">
      <span className="truncate">{value}</span>
      <button
        type="button"
        aria-label={`Remove ${value}`}
        disabled={disabled}
        onClick={onRemove}
        className="inline-flex size-6 items-center justify-center text-muted hover:text-ink"
      >
        <X aria-hidden className="size-3.5" />
      </button>
    </span>
  );
}
