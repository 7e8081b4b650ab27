import type { ReactNode } from "react";
import { cx } from "../class-names.ts";

const TONES = {
  neutral: "bg-neutral-soft text-ink-2",
  accent: "bg-accent-soft text-accent",
  warn: "bg-warn-soft text-warn",
  danger: "bg-danger-soft text-danger",
  better: "bg-better-soft text-better",
  worse: "bg-worse-soft text-worse",
};

export type Tone = keyof typeof TONES;

/** A word about a thing. */
export function Badge({ tone = "neutral", children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span
      className={cx(
        "inline-flex h-5 items-center gap-1 rounded-sm px-1.5 font-medium text-xs whitespace-nowrap",
        TONES[tone],
      )}
    >
      {children}
    </span>
  );
}
