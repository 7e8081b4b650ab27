"use client";

import { Switch as Primitive } from "radix-ui";
import type { Ref } from "react";
import { cx } from "../class-names.ts";
import { Hint } from "./hint.tsx";

export interface SwitchProps {
  /** Full name for people who do not see the column head: "banner in production". */
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
  /** Tints the filled track; the words stay the same. */
  tone?: "accent" | "production";
  /** Why it cannot be moved now. */
  reason?: string | undefined;
  busy?: boolean;
  ref?: Ref<HTMLButtonElement>;
}

/** On and off by shape (filled, hollow) and word, never by red and green. Space toggles. */
export function Switch({ label, checked, onChange, tone = "accent", reason, busy, ref }: SwitchProps) {
  const blocked = reason !== undefined || busy === true;
  const filled = tone === "production" ? "bg-production border-production" : "bg-accent border-accent";
  return (
    <Hint text={reason}>
      <Primitive.Root
        ref={ref}
        aria-label={label}
        aria-disabled={blocked || undefined}
        checked={checked}
        onCheckedChange={(next) => (blocked ? undefined : onChange(next))}
        className="group inline-flex h-7 min-w-16 items-center gap-2 rounded-md aria-disabled:cursor-not-allowed aria-disabled:opacity-60"
      >
        <span
          className={cx(
            "flex h-[18px] w-8 items-center rounded-full border-[1.5px] p-0.5 transition-colors",
            checked ? filled : "border-control bg-transparent group-hover:bg-hover",
          )}
        >
          <Primitive.Thumb
            className={cx(
              "block size-3 rounded-full transition-transform",
              checked ? "translate-x-[14px] bg-bg" : "border-[1.5px] border-control bg-transparent",
            )}
          />
        </span>
        <span aria-hidden className={cx("text-sm", checked ? "font-semibold text-ink" : "text-ink-2")}>
          {checked ? "On" : "Off"}
        </span>
      </Primitive.Root>
    </Hint>
  );
}
