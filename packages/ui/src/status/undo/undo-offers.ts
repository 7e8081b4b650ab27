import { type FocusPlace, focusPlace, placeOf } from "../../focus/opener.ts";

/** A change that can be taken back while the page says so. */
export interface UndoOffer {
  readonly id: string;
  /** Takes the change back; once. */
  readonly take: () => void;
  /** It is no longer offered. */
  readonly withdraw: () => void;
}

interface Standing extends UndoOffer {
  button: HTMLElement | null;
}

/** Oldest first. */
const standing: Standing[] = [];
let count = 0;
/** The offer that the next Tab goes to: until somebody goes elsewhere. */
let next: Standing | undefined;
/** Where the focus came from when it went to an offer, and whether it was led there by the next Tab. */
let from: FocusPlace | undefined;
let isLed = false;
const TOASTS = "[data-sonner-toaster]";

/** Offers to take a change back. */
export function offerUndo(undo: () => void): UndoOffer {
  const offer: Standing = {
    id: `undo-${++count}`,
    button: null,
    take() {
      if (!standing.includes(offer)) return;
      leaveOffer(offer);
      offer.withdraw();
      undo();
    },
    withdraw() {
      const at = standing.indexOf(offer);
      if (at !== -1) standing.splice(at, 1);
      if (next === offer) next = undefined;
    },
  };
  standing.push(offer);
  next = offer;
  return offer;
}

/** The offer whose button this is has been drawn, or taken away (null). */
export function placeOffer({ id }: UndoOffer, button: HTMLElement | null): void {
  const offer = standing.find((each) => each.id === id);
  if (offer) offer.button = button;
}

/** The change made last, of those that can be taken back. */
export function newestOffer(): UndoOffer | undefined {
  return standing.at(-1);
}

/** Goes to the newest offer, the first time that Tab is pressed after it was made. Says whether it went. */
export function visitOffer(): boolean {
  const offer = next;
  next = undefined;
  offer?.button?.focus();
  isLed = offer?.button != null && offer.button === document.activeElement;
  return isLed;
}

/** Whoever clicked or went on by other ways is not led to the offer any more. */
export function passOffer(): void {
  next = undefined;
}

/** The focus comes to an offer from this element; null when it was nowhere. */
export function enterOffer(origin: EventTarget | null): void {
  isLed = false;
  next = undefined;
  if (origin instanceof HTMLElement && !origin.closest(TOASTS)) from = placeOf(origin);
}

/**
 * Tab is pressed on an offer: whoever was led there is put back to where they came from, and goes on from there. Whoever
 * went there through the page goes on through the page.
 */
export function tabFromOffer(): boolean {
  const wasLed = isLed;
  isLed = false;
  if (wasLed) focusPlace(from);
  return wasLed;
}

/** Puts the focus back to where it was before it went to this offer. */
function leaveOffer({ button }: Standing): void {
  if (button && button === document.activeElement) focusPlace(from);
  from = undefined;
}
