import type { EventReceipt } from "@telltale/evaluator";
import type { ScopedEvent } from "@telltale/events";
import type { KeyInfo } from "@telltale/ruleset/read";
import { EVENT_LIMITS, type Limits } from "../limits.ts";
import type { Metrics } from "../metrics.ts";
import { problem } from "../problem.ts";
import type { Batcher } from "./batcher.ts";
import { readBody } from "./read-body.ts";
import { isCleanText, isObject } from "./text.ts";
import { validateEvent } from "./validate.ts";

export interface ReceiveOptions {
  batcher: Batcher<ScopedEvent>;
  limits: Limits;
  metrics: Metrics;
  now: () => number;
}

function parse(text: string): unknown[] | Response {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return problem("bad-request", "The body is not valid JSON. Send {“events”: [...]}.");
  }
  const events = isObject(body) ? body.events : undefined;
  return Array.isArray(events) ? events : problem("bad-request", "The body must be an object with a list “events”.");
}

/** Sorts a batch into events to store and refusals to report. */
function sort(values: unknown[], key: KeyInfo, now: number) {
  const receivedAt = new Date(now);
  const accepted: ScopedEvent[] = [];
  const refused: EventReceipt["refused"] = [];
  for (const [index, value] of values.entries()) {
    const result = validateEvent(value, now);
    if ("event" in result) {
      accepted.push({ project: key.projectKey, environment: key.environmentKey, event: result.event, receivedAt });
      continue;
    }
    const id = isObject(value) ? value.id : undefined;
    const named = typeof id === "string" && id.length <= EVENT_LIMITS.id && isCleanText(id);
    refused.push({ index, ...(named && { id }), reason: result.reason });
  }
  return { accepted, refused };
}

/** POST /v1/events: answers 200 with the receipt only after every accepted event is stored. */
export async function receiveEvents(request: Request, key: KeyInfo, options: ReceiveOptions): Promise<Response> {
  const { batcher, limits, metrics } = options;
  const encoding = request.headers.get("content-encoding") ?? "identity";
  if (encoding !== "identity") return problem("unsupported-encoding", "Send the body without Content-Encoding.");
  const body = await readBody(request, limits.bodyBytes);
  if (body === "too-large") {
    return problem("too-large", `A body may have at most ${limits.bodyBytes} bytes. Send smaller batches.`);
  }
  const events = parse(body.text);
  if (events instanceof Response) return events;
  if (events.length > limits.batchEvents) {
    return problem("too-large", `A batch may have at most ${limits.batchEvents} events. Send smaller batches.`);
  }
  const { accepted, refused } = sort(events, key, options.now());
  if (accepted.length > 0) {
    const stored = batcher.add(accepted, body.bytes);
    if (stored === "full") {
      return problem("busy", "Too many events wait for the store. Send this batch again.", { "retry-after": "1" });
    }
    try {
      await stored;
    } catch {
      // The batcher's owner has logged it once for the whole group.
      const detail = "The event store does not answer; nothing of this batch counts as accepted. Send it again.";
      return problem("store-away", detail, { "retry-after": "2" });
    }
  }
  metrics.count("telltale_edge_events_total", { result: "accepted" }, accepted.length);
  metrics.count("telltale_edge_events_total", { result: "refused" }, refused.length);
  const receipt: EventReceipt = { accepted: accepted.length, refused };
  return Response.json(receipt);
}
