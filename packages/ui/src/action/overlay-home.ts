/**
 * Where overlays without a role of their own are put: inside the page's main landmark, so that everything on the page
 * stays in one. The body where there is none.
 */
export function overlayHome(): HTMLElement | undefined {
  if (typeof document === "undefined") return undefined;
  return document.querySelector("main") ?? undefined;
}
