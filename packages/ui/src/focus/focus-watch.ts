"use client";

import { useEffect } from "react";
import { type FocusPlace, focusPlace, placeOf } from "./opener.ts";

const CONTROLS = "button, a[href], input, textarea, select, summary, [tabindex]";

let last: FocusPlace | undefined;

/** Where the focus is, or was before what had it went away. A control counts from the press on: Safari focuses none. */
export function lastFocus(): FocusPlace | undefined {
  const { activeElement } = document;
  return activeElement instanceof HTMLElement && activeElement !== document.body ? placeOf(activeElement) : last;
}

function remember({ target }: Event): void {
  const control = target instanceof Element ? target.closest<HTMLElement>(CONTROLS) : null;
  if (control) last = placeOf(control);
}

/**
 * Keeps the focus on the page. When the element that has it is taken away (a saved bar, a removed row, a page left by
 * a link), the browser drops the focus to the body without a word; then it goes to what is nearest to where it was.
 */
function keep(): void {
  const gone = last;
  if (!gone || gone.element.isConnected) return;
  if (document.activeElement !== document.body && document.activeElement !== null) return;
  focusPlace(gone);
}

/** Follows the focus for as long as the page lives; once a page. */
export function useFocusWatch(): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    // Not at once: an overlay that closes gives the focus back itself, just after it has gone.
    const observer = new MutationObserver(() => {
      if (!last || last.element.isConnected) return;
      clearTimeout(timer);
      timer = setTimeout(keep, 50);
    });
    document.addEventListener("focusin", remember);
    document.addEventListener("pointerdown", remember);
    observer.observe(document.body, { childList: true, subtree: true });
    return () => {
      clearTimeout(timer);
      observer.disconnect();
      document.removeEventListener("focusin", remember);
      document.removeEventListener("pointerdown", remember);
    };
  }, []);
}
