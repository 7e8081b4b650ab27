"use client";

import { Search } from "lucide-react";
import type { ComponentProps } from "react";
import { CONTROL } from "./field.tsx";

export interface SearchFieldProps extends Omit<ComponentProps<"input">, "type" | "aria-label"> {
  label: string;
  /** A key that brings one here, shown at the end. */
  shortcut?: string;
}

/** Narrows a list while one types. */
export function SearchField({ label, shortcut, ...props }: SearchFieldProps) {
  return (
    <span className="relative block w-full sm:max-w-sm">
      <Search aria-hidden className="absolute top-2 left-2.5 size-4 text-muted" />
      <input
        {...props}
        type="search"
        aria-label={label}
        aria-keyshortcuts={shortcut}
        autoComplete="off"
        className={`${CONTROL} px-8`}
      />
      {shortcut ? (
        <kbd
          aria-hidden
          className="absolute top-1.5 right-2 hidden rounded-sm border border-line bg-surface px-1.5 font-mono text-muted text-xs leading-4 sm:block"
        >
          {shortcut}
        </kbd>
      ) : null}
    </span>
  );
}
