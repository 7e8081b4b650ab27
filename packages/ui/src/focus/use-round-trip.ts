"use client";

import { type RefObject, useRef } from "react";
import { lastFocus } from "./focus-watch.ts";
import { type FocusPlace, focusFirst, focusPlace } from "./opener.ts";

/**
 * The focus of an overlay that is opened by state and so has no trigger of its own: it opens on its first field, or on
 * its first button, and gives the focus back to what had it before. `body` holds its fields.
 */
export function useRoundTrip(body: RefObject<HTMLElement | null>) {
  const opener = useRef<FocusPlace>(undefined);
  return {
    onOpenAutoFocus(event: Event) {
      opener.current = lastFocus();
      if (body.current && focusFirst(body.current)) event.preventDefault();
    },
    onCloseAutoFocus(event: Event) {
      event.preventDefault();
      // Who closed it by going to something else stays there.
      if (document.activeElement === document.body) focusPlace(opener.current);
    },
  };
}
