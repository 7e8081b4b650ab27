"use client";

import { type KeyboardEvent, useCallback } from "react";
import { enterOffer, placeOffer, tabFromOffer, type UndoOffer } from "./undo-offers.ts";

interface UndoButtonProps {
  offer: UndoOffer;
  /** It has the focus, so the offer stays; or it lost it. */
  onHold: (held: boolean) => void;
}

/** Takes the change back. Tab came here from where the change was made, and goes on from there. */
export function UndoButton({ offer, onHold }: UndoButtonProps) {
  const place = useCallback((button: HTMLElement | null) => placeOffer(offer, button), [offer]);
  const onKeyDown = (event: KeyboardEvent) => {
    // Back is where it came from; forth is what the browser finds after that.
    if (event.key === "Tab" && tabFromOffer() && event.shiftKey) event.preventDefault();
  };
  return (
    <button
      type="button"
      ref={place}
      aria-keyshortcuts="Control+Z Meta+Z"
      onClick={offer.take}
      onKeyDown={onKeyDown}
      onFocus={({ relatedTarget }) => {
        enterOffer(relatedTarget);
        onHold(true);
      }}
      onBlur={() => onHold(false)}
      className="inline-flex h-7 shrink-0 items-center gap-1.5 rounded-md bg-accent px-2.5 font-medium text-on-accent text-sm"
    >
      Undo
      <kbd aria-hidden className="font-normal font-sans opacity-85">
        {/Mac|iPhone|iPad/.test(navigator.platform) ? "⌘Z" : "Ctrl Z"}
      </kbd>
    </button>
  );
}
