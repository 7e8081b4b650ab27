import type { EventBatch, EventReceipt, TelltaleEvent } from "@telltale/evaluator";
import { describeError, refusalOf, retryAfterMs } from "./platform.ts";

export type { EventReceipt, TelltaleEvent } from "@telltale/evaluator";

export interface Destination {
  /** The edge's address. */
  url: string;
  /** An SDK key. */
  key: string;
  fetch?: typeof fetch;
  signal?: AbortSignal;
  /** The clock that the events' times came from; `Date.now` unless given. */
  now?: () => number;
  /** Let the request outlive the page; the body must then stay below 64 kB. */
  keepalive?: boolean;
}

/** The edge's receipt, or why there is none. Retrying is free: events carry ids and are counted once. */
export type SendResult =
  | { ok: true; receipt: EventReceipt }
  | {
      ok: false;
      /** The same batch may be accepted later. */
      retryable: boolean;
      /** Half of it may be accepted at once: this was too big for the edge. */
      tooBig?: boolean;
      retryAfterMs?: number;
      reason: string;
    };

/** What this SDK is called in usage. */
export const SDK: string = "js/0.1.0";

/** Sends events to the edge (POST /v1/events); with a receipt, every accepted event is stored. Never rejects. */
export async function sendBatch(destination: Destination, events: readonly TelltaleEvent[]): Promise<SendResult> {
  const { url, key, signal, keepalive, now = Date.now } = destination;
  try {
    const batch: EventBatch = { events: [...events], sentAt: new Date(now()).toISOString(), sdk: SDK };
    const response = await (destination.fetch ?? fetch)(`${url.replace(/\/$/, "")}/v1/events`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify(batch),
      signal,
      keepalive,
    });
    const { ok, status } = response;
    const answer = await response.json().catch(() => {});
    if (ok && answer?.refused) return { ok, receipt: answer };
    return {
      ok: false,
      // An answer that is no receipt comes from something between us and the edge.
      retryable: ok || status === 408 || status === 429 || status >= 500,
      tooBig: status === 413,
      retryAfterMs: retryAfterMs(response, now()),
      reason: refusalOf(status, answer),
    };
  } catch (cause) {
    return { ok: false, retryable: true, reason: `the edge was not reached: ${describeError(cause)}` };
  }
}
