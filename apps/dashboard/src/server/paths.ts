/**
 * Splits a request's target into the application's path and what Next must be asked for.
 * A proxy may forward the path that the dashboard is served under, or cut it off: both are understood.
 * @param basePath `/telltale`, or empty
 */
export function splitPath(target: string, basePath: string): { path: string; url: string } {
  // A target may also be absolute; only its path counts.
  const url = target.startsWith("/") ? target : target.replace(/^[a-z]+:\/\/[^/?#]*/i, "") || "/";
  const rooted = url.startsWith("/") ? url : `/${url}`;
  const isUnder = rooted === basePath || rooted.startsWith(`${basePath}/`) || rooted.startsWith(`${basePath}?`);
  const full = basePath === "" || isUnder ? rooted : basePath + (rooted === "/" ? "" : rooted.replace(/^\/(?=\?)/, ""));
  const own = full.slice(basePath.length);
  const end = own.search(/[?#]/);
  const path = end < 0 ? own : own.slice(0, end);
  return { path: path.startsWith("/") ? path : `/${path}`, url: full };
}
