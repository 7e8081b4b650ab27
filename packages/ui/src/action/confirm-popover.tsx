"use client";

import { Popover } from "radix-ui";
import { type ReactNode, useId, useRef } from "react";
import { useRoundTrip } from "../focus/use-round-trip.ts";
import { Button, type ButtonProps } from "./button.tsx";

export interface ConfirmPopoverProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** The control the question is about; the popover points at it. */
  anchor: ReactNode;
  title: ReactNode;
  /** What will happen, with numbers where there are any. */
  children: ReactNode;
  /** Names the act: "Turn off in production". */
  action: string;
  look?: ButtonProps["look"];
  busy?: boolean;
  onConfirm: () => void;
}

/**
 * One question beside the control that raised it, which has the focus again afterwards. It starts on a field where there
 * is one, else on Cancel, so a held key confirms nothing.
 */
export function ConfirmPopover(props: ConfirmPopoverProps) {
  const titleId = useId();
  const content = useRef<HTMLDivElement>(null);
  const focus = useRoundTrip(content);
  return (
    <Popover.Root open={props.open} onOpenChange={props.onOpenChange}>
      <Popover.Anchor asChild>
        <span className="inline-flex">{props.anchor}</span>
      </Popover.Anchor>
      <Popover.Portal>
        <Popover.Content
          {...focus}
          ref={content}
          aria-labelledby={titleId}
          sideOffset={6}
          collisionPadding={12}
          className="z-40 w-80 max-w-[calc(100vw-24px)] rounded-lg border border-line bg-raised p-4 text-ink shadow-high"
        >
          <h2 id={titleId} className="font-semibold text-lg">
            {props.title}
          </h2>
          <div className="mt-1 text-ink-2">{props.children}</div>
          <div className="mt-4 flex flex-wrap justify-end gap-2">
            <Button look="ghost" onClick={() => props.onOpenChange(false)}>
              Cancel
            </Button>
            <Button look={props.look ?? "production"} busy={props.busy ?? false} onClick={props.onConfirm}>
              {props.action}
            </Button>
          </div>
          <Popover.Arrow className="fill-raised" />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
