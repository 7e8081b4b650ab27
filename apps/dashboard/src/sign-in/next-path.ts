/** Where to go after signing in: only ever a path of this site. */
export function nextPath(asked: string | undefined): string {
  if (!asked?.startsWith("/") || !URL.canParse(asked, "http://here")) return "/";
  const url = new URL(asked, "http://here");
  return url.origin === "http://here" && !url.pathname.startsWith("//") ? url.pathname + url.search : "/";
}
