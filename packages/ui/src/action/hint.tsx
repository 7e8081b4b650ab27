"use client";

import { Tooltip } from "radix-ui";
import type { ReactNode } from "react";
import { overlayHome } from "./overlay-home.ts";

/** A short text on hover and on keyboard focus. With no text the child stands alone. */
export function Hint({ text, children }: { text: string | undefined; children: ReactNode }) {
  if (!text) return children;
  return (
    <Tooltip.Provider delayDuration={250}>
      <Tooltip.Root>
        <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
        <Tooltip.Portal container={overlayHome()}>
          <Tooltip.Content
            sideOffset={6}
            collisionPadding={8}
            className="z-50 max-w-72 rounded-md bg-ink px-2 py-1 text-xs text-bg shadow-high"
          >
            {text}
          </Tooltip.Content>
        </Tooltip.Portal>
      </Tooltip.Root>
    </Tooltip.Provider>
  );
}
