import type { ReactNode } from "react";

/** Ids that tie a control to its label, hint and error. */
export function fieldIds(id: string, hint: unknown, error: unknown) {
  const described = [error ? `${id}-error` : "", hint ? `${id}-hint` : ""].filter(Boolean).join(" ");
  return {
    id,
    "aria-invalid": error ? (true as const) : undefined,
    "aria-describedby": described || undefined,
  };
}

export const CONTROL =
  "h-8 w-full min-w-0 rounded-md border border-control bg-bg px-2.5 text-ink aria-invalid:border-danger disabled:opacity-60";

export interface FieldProps {
  id: string;
  label: string;
  /** The label is there for screen readers only, because the place says it to the eye. */
  hideLabel?: boolean | undefined;
  hint?: ReactNode;
  /** What is wrong and how to put it right. */
  error?: string | undefined;
  children: ReactNode;
}

/** Label above, control, then the error or the hint. */
export function Field({ id, label, hideLabel, hint, error, children }: FieldProps) {
  return (
    <div className="min-w-0">
      <label htmlFor={id} className={hideLabel ? "sr-only" : "mb-1 block font-medium text-sm"}>
        {label}
      </label>
      {children}
      {error ? (
        <p id={`${id}-error`} className="mt-1 text-danger text-sm">
          {error}
        </p>
      ) : null}
      {hint ? (
        <p id={`${id}-hint`} className="mt-1 text-muted text-sm">
          {hint}
        </p>
      ) : null}
    </div>
  );
}
