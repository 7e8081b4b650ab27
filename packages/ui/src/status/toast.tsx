"use client";

import { Toaster as Primitive, toast } from "sonner";

const UNDO_MS = 10_000;

/** Where messages appear; once a page, near the end of the body. */
export function Toaster() {
  return (
    <Primitive
      position="bottom-right"
      gap={8}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            "flex w-[356px] max-w-[calc(100vw-32px)] items-center gap-3 rounded-lg border border-control bg-raised px-4 py-3 text-base text-ink shadow-high",
          content: "min-w-0 grow break-words",
          description: "text-ink-2 text-sm",
          actionButton: "h-7 shrink-0 rounded-md bg-accent px-2.5 font-medium text-on-accent text-sm",
        },
      }}
    />
  );
}

/** Says what was done. */
export function notify(message: string): void {
  toast(message);
}

/** Says what was done and offers to take it back, for ten seconds. */
export function notifyWithUndo(message: string, onUndo: () => void): void {
  toast(message, { duration: UNDO_MS, action: { label: "Undo", onClick: onUndo } });
}

/** Says what could not be done, and what to do next. */
export function notifyError(message: string, description?: string): void {
  toast.error(message, { duration: UNDO_MS, description });
}
