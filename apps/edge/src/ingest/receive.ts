import type { EventReceipt } from "@telltale/evaluator";
import { type EncodedEvents, encodeEvents, type ScopedEvent } from "@telltale/events";
import type { KeyInfo } from "@telltale/ruleset/read";
import { retryAfter } from "../admission/retry-after.ts";
import { EVENT_LIMITS, type Limits } from "../limits.ts";
import type { Metrics } from "../metrics.ts";
import { problem } from "../problem.ts";
import { offsetOf, type Receipt } from "./clock.ts";
import type { Kept } from "./intake.ts";
import { type Batch, readBatch } from "./read-batch.ts";
import { isCleanText, isObject } from "./text.ts";
import { validateEvent } from "./validate.ts";

export interface ReceiveOptions {
  /** Keeps events for good, or says why not. */
  keep: (events: EncodedEvents) => Promise<Kept>;
  limits: Limits;
  metrics: Metrics;
  now: () => number;
}

/** Sorts a batch into events to store and refusals to report. */
function sort({ events, sdk }: Batch, key: KeyInfo, receipt: Receipt) {
  const scope = { project: key.projectKey, environment: key.environmentKey, receivedMs: receipt.receivedMs };
  const accepted: ScopedEvent[] = [];
  const refused: EventReceipt["refused"] = [];
  for (let index = 0; index < events.length; index++) {
    const value = events[index];
    const result = validateEvent(value, receipt);
    if ("event" in result) {
      const { project, environment, receivedMs } = scope;
      accepted.push({ project, environment, receivedMs, event: result.event, atMs: result.atMs, sdk });
      continue;
    }
    const id = isObject(value) ? value.id : undefined;
    const named = typeof id === "string" && id.length <= EVENT_LIMITS.id && isCleanText(id);
    refused.push({ index, ...(named && { id }), reason: result.reason });
  }
  return { accepted, refused };
}

const NOT_KEPT: Record<Exclude<Kept, "stored" | "spooled">, () => Response> = {
  busy: () =>
    problem("busy", "Too many events wait for the store. Send this batch again.", { "retry-after": retryAfter(1) }),
  away: () => {
    const detail = "The event store does not answer; nothing of this batch counts as accepted. Send it again.";
    return problem("store-away", detail, { "retry-after": retryAfter(2) });
  },
  full: () => {
    const detail =
      "The event store does not answer and there is no more room to wait for it; nothing of this batch counts as accepted. Send it again.";
    return problem("store-away", detail, { "retry-after": retryAfter(5) });
  },
};

/** POST /v1/events: answers 200 with the receipt only after every accepted event is kept for good. */
export async function receiveEvents(request: Request, key: KeyInfo, options: ReceiveOptions): Promise<Response> {
  const { limits, metrics } = options;
  // Read before the body: what a slow upload takes is no fault of the sender's clock.
  const receivedMs = options.now();
  const batch = await readBatch(request, limits);
  if (batch instanceof Response) return batch;
  const retentionMs = limits.retentionDays * 86_400_000;
  const { accepted, refused } = sort(batch, key, {
    receivedMs,
    offsetMs: offsetOf(batch.sentAtMs, receivedMs),
    retentionMs,
  });
  if (accepted.length > 0) {
    const kept = await options.keep(encodeEvents(accepted));
    if (kept !== "stored" && kept !== "spooled") return NOT_KEPT[kept]();
  }
  metrics.count("telltale_edge_events_total", { result: "accepted" }, accepted.length);
  metrics.count("telltale_edge_events_total", { result: "refused" }, refused.length);
  const receipt: EventReceipt = { accepted: accepted.length, refused };
  return Response.json(receipt);
}
