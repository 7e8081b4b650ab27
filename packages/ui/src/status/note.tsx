import { Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "../class-names.ts";

const TONES = {
  neutral: { box: "border-control bg-surface", ink: "text-ink-2", Icon: Info },
  warn: { box: "border-warn bg-warn-soft", ink: "text-warn", Icon: TriangleAlert },
};

export interface NoteProps {
  tone?: keyof typeof TONES;
  /** What is so, and what it means for what stands below. */
  children: ReactNode;
  action?: ReactNode;
}

/** Something to know about what is seen; nothing is broken. */
export function Note({ tone = "neutral", children, action }: NoteProps) {
  const { box, ink, Icon } = TONES[tone];
  return (
    <div role="note" className={cx("flex flex-wrap items-center gap-x-3 gap-y-2 rounded-lg border px-4 py-2.5", box)}>
      <Icon aria-hidden className={cx("size-4 shrink-0", ink)} />
      <p className="min-w-0 max-w-[90ch] flex-1 basis-60">{children}</p>
      {action}
    </div>
  );
}
