"use client";

import { Toaster as Primitive, toast } from "sonner";
import { UndoButton } from "./undo/undo-button.tsx";
import { offerUndo } from "./undo/undo-offers.ts";
import { useUndoKeys } from "./undo/use-undo-keys.ts";

const UNDO_MS = 10_000;

/** Where messages appear, and the keys that take a change back; once a page, near the end of the body. */
export function Toaster() {
  useUndoKeys();
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
        },
      }}
    />
  );
}

/** Says what was done. */
export function notify(message: string): void {
  toast(message);
}

/**
 * Says what was done and offers to take it back, for ten seconds or for as long as the button has the focus: by the
 * button, which the next Tab reaches, or by Ctrl+Z (⌘Z).
 */
export function notifyWithUndo(message: string, onUndo: () => void): void {
  const offer = offerUndo(() => {
    toast.dismiss(offer.id);
    onUndo();
  });
  const show = (duration: number) =>
    toast(message, {
      id: offer.id,
      duration,
      onDismiss: offer.withdraw,
      onAutoClose: offer.withdraw,
      action: <UndoButton offer={offer} onHold={(held) => show(held ? Number.POSITIVE_INFINITY : UNDO_MS)} />,
    });
  show(UNDO_MS);
}

/** Says what could not be done, and what to do next. */
export function notifyError(message: string, description?: string): void {
  toast.error(message, { duration: UNDO_MS, description });
}
