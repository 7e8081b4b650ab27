/** An element that has the focus, and the elements around it, the nearest first: it may be gone when it is wanted. */
export interface FocusPlace {
  readonly element: HTMLElement;
  readonly around: readonly HTMLElement[];
}

/** Parts of a page that mean something to somebody who lands there. */
const LANDMARKS = "main, section, article, form, fieldset, figure, table, details, dialog, [role]";
const FIELDS = "input:not([type=hidden], [aria-hidden=true]), textarea, select, [role=radio]";
const CONTROLS = "button, a[href], summary";

/** Remembers an element; a row of a menu, which goes with the menu, is remembered as the button that opened it. */
export function placeOf(element: HTMLElement): FocusPlace {
  const opener = element.closest("[role=menu]")?.getAttribute("aria-labelledby");
  const kept = (opener ? document.getElementById(opener) : null) ?? element;
  const around: HTMLElement[] = [];
  for (let at = kept.parentElement; at; at = at.parentElement) around.push(at);
  return { element: kept, around };
}

/**
 * Gives the focus back to a place: to the element, or where that is gone to the nearest part of the page that it was
 * in, so that Tab goes on from there and not from the top.
 */
export function focusPlace(place: FocusPlace | undefined): void {
  const same = place?.element.isConnected ? place.element : undefined;
  const near = place?.around.find((element) => element.isConnected && element.matches(LANDMARKS));
  const home = same ?? near ?? document.querySelector<HTMLElement>("main");
  if (home) focusOn(home);
}

/** Puts the focus on an element; one that cannot have it is lent the ability until it loses it again. */
function focusOn(element: HTMLElement): void {
  element.focus({ preventScroll: true });
  if (document.activeElement === element) return;
  element.tabIndex = -1;
  element.addEventListener("blur", () => element.removeAttribute("tabindex"), { once: true });
  element.focus({ preventScroll: true });
}

/** Puts the focus on the first field inside, or on the first control where there is no field. Says whether it could. */
export function focusFirst(inside: HTMLElement): boolean {
  for (const kind of [FIELDS, CONTROLS]) {
    for (const element of inside.querySelectorAll<HTMLElement>(kind)) {
      if (element.matches(":disabled, [tabindex='-1']")) continue;
      element.focus();
      if (document.activeElement === element) return true;
    }
  }
  return false;
}
