import type { ServerResponse } from "node:http";

const CODES = { 413: "PAYLOAD_TOO_LARGE", 503: "SERVICE_UNAVAILABLE" } as const;

/**
 * Answers instead of the application. The sentence stands where tRPC's clients look for it, and where sign-in's do.
 * The sender is not cut off: it may still be sending, and would then read a broken connection and no answer.
 */
export function sendRefusal(response: ServerResponse, status: keyof typeof CODES, message: string): void {
  const telltale = { code: status === 413 ? "INVALID" : "INTERNAL", message };
  const data = { code: CODES[status], httpStatus: status, telltale };
  const body = JSON.stringify({ message, code: CODES[status], error: { json: { message, code: -32_600, data } } });
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
    ...(status === 503 && { "retry-after": "2" }),
  });
  response.end(body);
}
