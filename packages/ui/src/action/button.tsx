"use client";

import { LoaderCircle } from "lucide-react";
import { Slot } from "radix-ui";
import type { ComponentProps, MouseEvent } from "react";
import { cx } from "../class-names.ts";
import { Hint } from "./hint.tsx";

const LOOKS = {
  solid: "bg-accent text-on-accent hover:bg-accent-hover border-transparent",
  soft: "bg-raised text-ink border-control hover:bg-hover",
  ghost: "bg-transparent text-ink-2 border-transparent hover:bg-hover hover:text-ink",
  danger: "bg-danger text-bg border-transparent hover:opacity-90",
  production: "bg-production text-bg border-transparent hover:opacity-90",
};

const SIZES = {
  normal: "h-8 px-3 gap-1.5",
  small: "h-7 px-2 gap-1 text-sm",
  icon: "size-8 justify-center",
};

export interface ButtonProps extends Omit<ComponentProps<"button">, "disabled"> {
  look?: keyof typeof LOOKS;
  size?: keyof typeof SIZES;
  /** Why it cannot be pressed now. It stays focusable, so that everybody can read the reason. */
  reason?: string | undefined;
  /** Working: pressed once already. */
  busy?: boolean;
  /** Lend the look to the one child, a link for example. */
  asChild?: boolean;
}

/** A button. Verbs on it, one solid one a view. */
export function Button({ look = "soft", size = "normal", reason, busy, asChild, ...rest }: ButtonProps) {
  const { className, children, onClick, type = "button", ...props } = rest;
  const blocked = reason !== undefined || busy === true;
  const Tag = asChild ? Slot.Root : "button";
  return (
    <Hint text={reason}>
      <Tag
        {...props}
        {...(asChild ? {} : { type })}
        aria-disabled={blocked || undefined}
        aria-busy={busy || undefined}
        onClick={(event: MouseEvent<HTMLButtonElement>) => (blocked ? event.preventDefault() : onClick?.(event))}
        className={cx(
          "inline-flex shrink-0 items-center rounded-md border font-medium whitespace-nowrap transition-colors",
          "aria-disabled:cursor-not-allowed aria-disabled:opacity-55",
          LOOKS[look],
          SIZES[size],
          className,
        )}
      >
        {busy && !asChild ? <LoaderCircle aria-hidden className="size-4 animate-spin" /> : null}
        {children}
      </Tag>
    </Hint>
  );
}
