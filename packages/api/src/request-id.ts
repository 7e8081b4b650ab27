import { randomUUID } from "node:crypto";

/** Names a request: what a proxy or a client calls it, and what the answer says. */
export const REQUEST_ID_HEADER = "x-request-id";

/** Letters, digits and what separates them in the ids that proxies make; nothing that a log or a file would read. */
const WELL_FORMED = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;

/** The request's id: its own where that is well-formed, else a new one. */
export function readRequestId(headers: Headers): string {
  const given = headers.get(REQUEST_ID_HEADER);
  return given !== null && WELL_FORMED.test(given) ? given : randomUUID();
}
