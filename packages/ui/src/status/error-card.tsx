"use client";

import { TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "../action/button.tsx";

export interface ErrorCardProps {
  /** What could not be done: "The flags could not be loaded". */
  title: string;
  /** What happened, and what it means. */
  children: ReactNode;
  onRetry?: (() => void) | undefined;
  busy?: boolean;
}

/** Something went wrong here; the rest of the page still works. */
export function ErrorCard({ title, children, onRetry, busy }: ErrorCardProps) {
  return (
    <div role="alert" className="flex gap-3 rounded-lg border border-danger bg-danger-soft p-4">
      <TriangleAlert aria-hidden className="mt-0.5 size-5 shrink-0 text-danger" />
      <div className="min-w-0">
        <p className="font-semibold">{title}</p>
        <div className="mt-0.5 break-words text-ink-2">{children}</div>
        {onRetry ? (
          <Button className="mt-3" busy={busy ?? false} onClick={onRetry}>
            Try again
          </Button>
        ) : null}
      </div>
    </div>
  );
}
