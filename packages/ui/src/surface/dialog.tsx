"use client";

import { X } from "lucide-react";
import { Dialog as Primitive } from "radix-ui";
import { type ReactNode, useRef } from "react";
import { Button } from "../action/button.tsx";
import { cx } from "../class-names.ts";
import { useRoundTrip } from "../focus/use-round-trip.ts";

export interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description?: ReactNode;
  wide?: boolean;
  children: ReactNode;
}

/** A modal question or form: opens on its first field, traps the focus, gives it back, closes with Escape. */
export function Dialog({ open, onOpenChange, title, description, wide, children }: DialogProps) {
  const body = useRef<HTMLDivElement>(null);
  const focus = useRoundTrip(body);
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-30 bg-[rgb(10_13_18/0.5)]" />
        <Primitive.Content
          {...focus}
          {...(description ? {} : { "aria-describedby": undefined })}
          className={cx(
            "fixed top-[8vh] left-1/2 z-30 flex max-h-[84vh] w-[calc(100vw-24px)] -translate-x-1/2 flex-col rounded-lg border border-line bg-raised text-ink shadow-high outline-none",
            wide ? "max-w-2xl" : "max-w-lg",
          )}
        >
          <div className="flex items-start justify-between gap-4 px-5 pt-4">
            <div>
              <Primitive.Title className="font-semibold text-lg">{title}</Primitive.Title>
              {description ? (
                <Primitive.Description className="mt-0.5 text-ink-2">{description}</Primitive.Description>
              ) : null}
            </div>
            <Primitive.Close asChild>
              <Button look="ghost" size="icon" aria-label="Close">
                <X aria-hidden className="size-4" />
              </Button>
            </Primitive.Close>
          </div>
          <div ref={body} className="min-h-0 overflow-y-auto px-5 pt-4 pb-5">
            {children}
          </div>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

/** The row of buttons that ends a dialog; the last one does it. */
export function DialogActions({ children }: { children: ReactNode }) {
  return <div className="mt-5 flex flex-wrap justify-end gap-2">{children}</div>;
}
