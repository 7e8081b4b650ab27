"use client";

import { Slider } from "radix-ui";
import { type KeyboardEvent, useId, useState } from "react";
import { cx } from "../class-names.ts";
import { WHOLE } from "../format.ts";
import { CONTROL, Field, fieldIds } from "./field.tsx";
import { readPercent, writePercent } from "./shares.ts";

const POINT = WHOLE / 100;
const STEPS: Record<string, number> = {
  ArrowUp: POINT,
  ArrowDown: -POINT,
  PageUp: 10 * POINT,
  PageDown: -10 * POINT,
};

export interface PercentFieldProps {
  /** "Share of on". */
  label: string;
  /** Parts of 100,000. */
  value: number;
  onChange: (parts: number) => void;
  /** One-press values, in per cent. */
  presets?: readonly number[];
  disabled?: boolean;
}

/** A share three ways: slider, number (arrows ±1, page keys ±10) and presets. Text that is no percentage waits, marked. */
export function PercentField({ label, value, onChange, presets = [], disabled = false }: PercentFieldProps) {
  const id = useId();
  const [typed, setTyped] = useState<string>();
  const wrong = typed !== undefined && readPercent(typed) === undefined;
  const error = wrong ? "A number from 0 to 100" : undefined;
  const set = (parts: number) => {
    setTyped(undefined);
    onChange(Math.min(WHOLE, Math.max(0, parts)));
  };
  const type = (text: string) => {
    setTyped(text);
    const parts = readPercent(text);
    if (parts !== undefined) onChange(parts);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    set(value + step);
  };
  return (
    <Field id={id} label={label} error={error}>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <ShareSlider label={`${label}, slider`} value={value} onChange={set} disabled={disabled} />
        <span className="relative w-24">
          {/* Not type="number": that refuses a comma and steps by its own mind. */}
          <input
            {...fieldIds(id, undefined, error)}
            role="spinbutton"
            inputMode="decimal"
            autoComplete="off"
            aria-valuemin={0}
            aria-valuemax={100}
            aria-valuenow={value / POINT}
            disabled={disabled}
            value={typed ?? writePercent(value)}
            onChange={(event) => type(event.target.value)}
            onBlur={() => setTyped(undefined)}
            onKeyDown={onKeyDown}
            className={cx(CONTROL, "pr-7 text-right")}
          />
          <span aria-hidden className="absolute top-1.5 right-2.5 text-muted">
            %
          </span>
        </span>
        <Presets label={label} presets={presets} value={value} onPick={set} disabled={disabled} />
      </div>
    </Field>
  );
}

interface SliderProps {
  label: string;
  value: number;
  onChange: (parts: number) => void;
  disabled: boolean;
}

function ShareSlider({ label, value, onChange, disabled }: SliderProps) {
  return (
    <Slider.Root
      min={0}
      max={100}
      step={1}
      value={[value / POINT]}
      disabled={disabled}
      onValueChange={([next]) => onChange(Math.round((next ?? 0) * POINT))}
      className="relative flex h-8 min-w-40 grow basis-40 touch-none items-center data-disabled:opacity-60"
    >
      <Slider.Track className="relative h-1.5 grow rounded-full bg-line">
        <Slider.Range className="absolute h-full rounded-full bg-accent" />
      </Slider.Track>
      <Slider.Thumb
        aria-label={label}
        className="block size-5 rounded-full border-2 border-accent bg-bg shadow-low focus-visible:rounded-full"
      />
    </Slider.Root>
  );
}

interface PresetsProps {
  label: string;
  presets: readonly number[];
  value: number;
  onPick: (parts: number) => void;
  disabled: boolean;
}

function Presets({ label, presets, value, onPick, disabled }: PresetsProps) {
  if (presets.length === 0) return null;
  return (
    <fieldset className="flex flex-wrap gap-1" disabled={disabled}>
      <legend className="sr-only">{label}, usual steps</legend>
      {presets.map((percent) => (
        <button
          key={percent}
          type="button"
          aria-pressed={value === percent * POINT}
          onClick={() => onPick(percent * POINT)}
          className="h-7 min-w-9 rounded-md border border-line px-1.5 text-ink-2 text-sm hover:bg-hover disabled:cursor-not-allowed aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:text-accent"
        >
          {percent}
          {"\u202f%"}
        </button>
      ))}
    </fieldset>
  );
}
