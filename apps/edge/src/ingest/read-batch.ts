import { isUtf8 } from "node:buffer";
import { DEPTH_MAX, type EdgeLimits } from "../limits.ts";
import { problem } from "../problem.ts";
import { parseTime } from "./clock.ts";
import { isCleanText, isDeep, isObject } from "./text.ts";

/** A batch as it was sent: its events are not looked at yet. */
export interface Batch {
  events: unknown[];
  /** When the sender says that it sends, milliseconds since 1970. */
  sentAtMs?: number;
  /** Name and version of the sender. */
  sdk?: string;
}

const SDK_MAX = 64;

/** Reads a batch out of a body, or answers what is wrong with it. */
export function readBatch(bytes: Uint8Array, limits: EdgeLimits): Batch | Response {
  if (!isUtf8(bytes)) return problem("bad-request", "The body is not valid UTF-8. Encode the JSON as UTF-8.");
  if (isDeep(bytes, DEPTH_MAX)) {
    return problem("bad-request", `The body nests more than ${DEPTH_MAX} levels. Send flatter events.`);
  }
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
