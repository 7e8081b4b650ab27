import type { Readable } from "node:stream";
import type { EventReceipt } from "@telltale/evaluator";
import { type EncodedEvents, encodeEvents, type ScopedEvent } from "@telltale/events";
import type { CurrentRuleset, KeyInfo } from "@telltale/ruleset/read";
import type { Admission } from "../admission/admission.ts";
import { retryAfter } from "../admission/retry-after.ts";
import { type EdgeLimits, EVENT_LIMITS } from "../limits.ts";
import type { Metrics } from "../metrics.ts";
import { problem } from "../problem.ts";
import { refuseFromClient } from "./client-observations.ts";
import { offsetOf, type Receipt } from "./clock.ts";
import type { IdUses } from "./id-uses.ts";
import { inflate } from "./inflate.ts";
import type { IntakeResult } from "./intake.ts";
import { type Batch, readBatch } from "./read-batch.ts";
import { type NoBody, readBody } from "./read-body.ts";
import { isCleanText, isObject } from "./text.ts";
import { validateEvent } from "./validate.ts";

export interface ReceiveOptions {
  /** Stores events durably, or says why not. */
  keep: (events: EncodedEvents) => Promise<IntakeResult>;
  /** Which units ids came with lately. */
  idUses: IdUses;
  /** The ruleset that clients of an environment are served; undefined where this edge holds none. */
  servedToClients: (environmentId: string) => CurrentRuleset | undefined;
  admission: Admission;
  limits: EdgeLimits;
  metrics: Metrics;
  now: () => number;
  /** Node's side of the request, where there is one. */
  incoming?: Readable | undefined;
}

const REUSED = "“id” came lately with another unit. Give every event an id of its own.";

/** Sorts a batch into events to store and refusals to report. */
function sort({ events, sdk }: Batch, key: KeyInfo, receipt: Receipt, options: ReceiveOptions) {
  const { idUses, metrics, servedToClients } = options;
  const { environmentId } = key;
  const { receivedMs } = receipt;
  const accepted: ScopedEvent[] = [];
  const refused: EventReceipt["refused"] = [];
  for (let index = 0; index < events.length; index++) {
    const value = events[index];
    let result = validateEvent(value, receipt);
    if ("event" in result && result.event.type === "observations" && key.audience === "client") {
      const reason = refuseFromClient(result.event, servedToClients(environmentId));
      if (reason !== undefined) result = { reason };
    }
    if ("event" in result && !idUses.take(environmentId, result.event)) {
      metrics.count("telltale_edge_reused_ids_total");
      result = { reason: REUSED };
    }
    if ("event" in result) {
      accepted.push({ environmentId, receivedMs, event: result.event, atMs: result.atMs, sdk });
      continue;
    }
    const id = isObject(value) ? value.id : undefined;
    const named = typeof id === "string" && id.length <= EVENT_LIMITS.id && isCleanText(id);
    refused.push({ index, ...(named && { id }), reason: result.reason });
  }
  return { accepted, refused };
}

const NOT_KEPT: Record<Exclude<IntakeResult, "stored" | "spooled">, () => Response> = {
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

/** POST /v1/events: answers 200 with the receipt only after every accepted event is stored durably. */
export async function receiveEvents(request: Request, key: KeyInfo, options: ReceiveOptions): Promise<Response> {
  const { limits, metrics, admission } = options;
  // Read before the body: what a slow upload takes is no fault of the sender's clock.
  const receivedMs = options.now();
  const encoding = request.headers.get("content-encoding")?.trim().toLowerCase() ?? "identity";
  if (encoding !== "identity" && encoding !== "gzip") {
    const detail = "Send the body as it is, or with “Content-Encoding: gzip”.";
    return problem("unsupported-encoding", detail, { "accept-encoding": "gzip" });
  }
  const body = await readBody(request, limits.bodyBytes, admission.bodies, options.incoming);
  if (typeof body === "string") return noBody(body, options);
  try {
    const bytes = encoding === "gzip" ? await inflate(body.bytes, limits.bodyBytes) : body.bytes;
    if (typeof bytes === "string") return noInflation(bytes, limits);
    const turn = admission.turns.run(() => prepare(bytes, key, receivedMs, options));
    if (turn === "full") return admission.busy("turns");
    const prepared = await turn;
    if (prepared instanceof Response) return prepared;
    const { encoded, refused } = prepared;
    if (encoded.events > 0) {
      const kept = await options.keep(encoded);
      if (kept !== "stored" && kept !== "spooled") return NOT_KEPT[kept]();
    }
    metrics.count("telltale_edge_events_total", { result: "accepted" }, encoded.events);
    metrics.count("telltale_edge_events_total", { result: "refused" }, refused.length);
    const receipt: EventReceipt = { accepted: encoded.events, refused };
    return Response.json(receipt);
  } finally {
    body.hold.release();
  }
}

/** The work on a batch: parse, check, correct, encode. Done in one turn. */
function prepare(bytes: Uint8Array, key: KeyInfo, receivedMs: number, options: ReceiveOptions) {
  const { limits, admission } = options;
  const batch = readBatch(bytes, limits);
  if (batch instanceof Response) return batch;
  const refusal = admission.refuseEvents(key, batch.events.length);
  if (refusal) return refusal;
  const retentionMs = limits.retentionDays * 86_400_000;
  const offsetMs = offsetOf(batch.sentAtMs, receivedMs);
  const { accepted, refused } = sort(batch, key, { receivedMs, offsetMs, retentionMs }, options);
  return { encoded: encodeEvents(accepted), refused };
}

function noBody(reason: NoBody, { limits, admission }: ReceiveOptions): Response {
  switch (reason) {
    case "too-large": {
      const detail = `A body may have at most ${limits.bodyBytes} bytes. Send smaller batches.`;
      return problem("too-large", detail, { connection: "close" });
    }
    case "gave-way":
      return admission.busy("memory");
    case "cut":
      return problem("bad-request", "The body ended before its end. Send it again.");
  }
}

function noInflation(reason: "too-large" | "broken", limits: EdgeLimits): Response {
  if (reason === "broken") return problem("bad-request", "The body is not complete, valid gzip. Send it again.");
  return problem("too-large", `A body may unpack to at most ${limits.bodyBytes} bytes. Send smaller batches.`);
}
