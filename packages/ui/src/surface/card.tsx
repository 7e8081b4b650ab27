"use client";

import { type ReactNode, useId } from "react";
import { cx } from "../class-names.ts";

export interface CardProps {
  title?: ReactNode;
  /** At the right of the title. */
  aside?: ReactNode;
  children: ReactNode;
  /** No inner space: for a table that reaches the edges. */
  flush?: boolean;
  className?: string;
}

/** A framed part of a page; with a title it is a region people can jump to. */
export function Card({ title, aside, children, flush, className }: CardProps) {
  const id = useId();
  return (
    <section
      aria-labelledby={title ? id : undefined}
      className={cx("overflow-hidden rounded-lg border border-line bg-raised shadow-low", className)}
    >
      {title ? (
        <div className="flex min-h-11 flex-wrap items-center justify-between gap-2 border-line border-b px-4 py-1.5">
          <h2 id={id} className="font-semibold">
            {title}
          </h2>
          {aside}
        </div>
      ) : null}
      <div className={flush ? undefined : "p-4"}>{children}</div>
    </section>
  );
}
