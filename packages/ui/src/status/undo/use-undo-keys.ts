"use client";

import { useEffect } from "react";
import { newestOffer, passOffer, visitOffer } from "./undo-offers.ts";

const TEXT = "input:not([type=checkbox], [type=radio]), textarea, [contenteditable]";
const OVERLAY = "[role=dialog], [role=menu]";

/** In a field and in a dialog the keys are theirs. */
function belongsElsewhere({ target }: KeyboardEvent): boolean {
  return target instanceof Element && target.closest(`${TEXT}, ${OVERLAY}`) !== null;
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.key === "Tab" && !event.shiftKey && !belongsElsewhere(event)) {
    if (visitOffer()) event.preventDefault();
  } else if (event.key === "Tab") {
    passOffer();
  } else if (event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey) {
    const offer = newestOffer();
    if (!offer || belongsElsewhere(event)) return;
    event.preventDefault();
    offer.take();
  }
}

/** The keys of what was just changed: Tab goes to its Undo next, Ctrl+Z or ⌘Z take it back while it is offered. */
export function useUndoKeys(): void {
  useEffect(() => {
    document.addEventListener("keydown", onKeyDown);
    document.addEventListener("pointerdown", passOffer);
    return () => {
      document.removeEventListener("keydown", onKeyDown);
      document.removeEventListener("pointerdown", passOffer);
    };
  }, []);
}
