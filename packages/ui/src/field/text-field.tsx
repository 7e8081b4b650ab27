"use client";

import { type ComponentProps, type ReactNode, useId } from "react";
import { cx } from "../class-names.ts";
import { CONTROL, Field, fieldIds } from "./field.tsx";

interface Shared {
  label: string;
  hideLabel?: boolean;
  hint?: ReactNode;
  error?: string | undefined;
  mono?: boolean;
}

export interface TextFieldProps extends Omit<ComponentProps<"input">, "id">, Shared {}

/** One line of text. */
export function TextField({ label, hideLabel, hint, error, mono, className, ...props }: TextFieldProps) {
  const id = useId();
  return (
    <Field id={id} label={label} hideLabel={hideLabel} hint={hint} error={error}>
      <input
        {...props}
        {...fieldIds(id, hint, error)}
        className={cx(CONTROL, mono && "font-mono text-sm", className)}
      />
    </Field>
  );
}

export interface TextAreaProps extends Omit<ComponentProps<"textarea">, "id">, Shared {}

/** Several lines of text. */
export function TextArea({ label, hideLabel, hint, error, mono, className, ...props }: TextAreaProps) {
  const id = useId();
  return (
    <Field id={id} label={label} hideLabel={hideLabel} hint={hint} error={error}>
      <textarea
        rows={3}
        {...props}
        {...fieldIds(id, hint, error)}
        className={cx(CONTROL, "h-auto py-1.5", mono && "font-mono text-sm", className)}
      />
    </Field>
  );
}
