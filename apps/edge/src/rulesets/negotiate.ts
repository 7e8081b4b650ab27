import type { Encoding } from "./payload.ts";

/** The best encoding an Accept-Encoding header allows: br, then gzip, then none. */
export function chooseEncoding(header: string | null): Encoding {
  const allowed = new Map<string, boolean>();
  for (const part of (header ?? "").toLowerCase().split(",")) {
    const [name = "", ...parameters] = part.split(";").map((piece) => piece.trim());
    if (name !== "") allowed.set(name, !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter)));
  }
  for (const encoding of ["br", "gzip"] as const) {
    if (allowed.get(encoding) ?? allowed.get("*") ?? false) return encoding;
  }
  return "identity";
}

/** Whether an If-None-Match header names this entity tag (weak comparison, as for GET). */
export function matchesEtag(header: string | null, etag: string): boolean {
  if (header === null) return false;
  if (header.trim() === "*") return true;
  return header.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag);
}
