import { STATUS_CODES } from "node:http";

/** The closed list of what the edge refuses; the code travels in `type` as urn:telltale:problem:<code>. */
export type ProblemCode =
  | "bad-request"
  | "unknown-schema"
  | "no-key"
  | "unknown-key"
  | "origin-refused"
  | "not-found"
  | "no-ruleset"
  | "method-not-allowed"
  | "too-large"
  | "unsupported-encoding"
  | "too-many-requests"
  | "busy"
  | "store-away"
  | "control-plane-away"
  | "stopping"
  | "internal";

const STATUS: Record<ProblemCode, number> = {
  "bad-request": 400,
  "unknown-schema": 400,
  "no-key": 401,
  "unknown-key": 401,
  "origin-refused": 403,
  "not-found": 404,
  "no-ruleset": 404,
  "method-not-allowed": 405,
  "too-large": 413,
  "unsupported-encoding": 415,
  "too-many-requests": 429,
  busy: 503,
  "store-away": 503,
  "control-plane-away": 503,
  stopping: 503,
  internal: 500,
};

/** An RFC 9457 answer. `detail` says what happened and what to do next. */
export function problem(code: ProblemCode, detail: string, headers: Record<string, string> = {}): Response {
  const status = STATUS[code];
  const body = { type: `urn:telltale:problem:${code}`, title: STATUS_CODES[status], status, detail };
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/problem+json", "cache-control": "no-store", ...headers },
  });
}
