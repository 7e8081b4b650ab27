import { isUtf8 } from "node:buffer";
import type { Limits } from "../limits.ts";
import { problem } from "../problem.ts";
import { parseTime } from "./clock.ts";
import { inflate } from "./inflate.ts";
import { readBody } from "./read-body.ts";
import { isCleanText, isObject } from "./text.ts";

/** A batch as it was sent: its events are not looked at yet. */
export interface Batch {
  events: unknown[];
  /** When the sender says that it sends, milliseconds since 1970. */
  sentAtMs?: number;
  /** Name and version of the sender. */
  sdk?: string;
}

const SDK_MAX = 64;

/** Reads a request's body within the limits, or answers what is wrong with it. */
export async function readBatch(request: Request, limits: Limits): Promise<Batch | Response> {
  const encoding = request.headers.get("content-encoding")?.trim().toLowerCase() ?? "identity";
  if (encoding !== "identity" && encoding !== "gzip") {
    const detail = "Send the body as it is, or with “Content-Encoding: gzip”.";
    return problem("unsupported-encoding", detail, { "accept-encoding": "gzip" });
  }
  const body = await readBody(request, limits.bodyBytes);
  if (body === "too-large") {
    return problem("too-large", `A body may have at most ${limits.bodyBytes} bytes. Send smaller batches.`);
  }
  const plain = encoding === "gzip" ? await inflate(body, limits.bodyBytes) : body;
  if (plain === "too-large") {
    return problem("too-large", `A body may unpack to at most ${limits.bodyBytes} bytes. Send smaller batches.`);
  }
  if (plain === "broken") return problem("bad-request", "The body is not complete, valid gzip. Send it again.");
  return parseBatch(plain, limits);
}

function parseBatch(bytes: Uint8Array, limits: Limits): Batch | Response {
  if (!isUtf8(bytes)) return problem("bad-request", "The body is not valid UTF-8. Encode the JSON as UTF-8.");
  let body: unknown;
  try {
    body = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8"));
  } catch {
    return problem("bad-request", "The body is not valid JSON. Send {“events”: [...]}.");
  }
  const events = isObject(body) ? body.events : undefined;
  if (!isObject(body) || !Array.isArray(events)) {
    return problem("bad-request", "The body must be an object with a list “events”.");
  }
  if (events.length > limits.batchEvents) {
    return problem("too-large", `A batch may have at most ${limits.batchEvents} events. Send smaller batches.`);
  }
  const sentAtMs = body.sentAt === undefined ? undefined : parseTime(body.sentAt);
  if (Number.isNaN(sentAtMs)) {
    return problem("bad-request", "“sentAt” must be ISO 8601 in UTC, like 2026-01-31T12:00:00.000Z, or not be there.");
  }
  const { sdk } = body;
  if (sdk !== undefined && !(typeof sdk === "string" && sdk.length <= SDK_MAX && isCleanText(sdk))) {
    return problem("bad-request", `“sdk” must be clean text of at most ${SDK_MAX} characters, or not be there.`);
  }
  return { events, ...(sentAtMs !== undefined && { sentAtMs }), ...(sdk !== undefined && { sdk }) };
}
