import type { EventReceipt, TelltaleEvent } from "@telltale/evaluator";
import { retryAfterMs } from "./platform.ts";

export type { EventReceipt, TelltaleEvent } from "@telltale/evaluator";

export interface Destination {
  /** The edge's address. */
  url: string;
  /** An SDK key. */
  key: string;
  fetch?: typeof fetch;
  signal?: AbortSignal;
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

/** Sends events to the edge (POST /v1/events); with a receipt, every accepted event is stored. Never rejects. */
export async function sendBatch(destination: Destination, events: readonly TelltaleEvent[]): Promise<SendResult> {
  const { url, key, signal, keepalive } = destination;
  try {
    const response = await (destination.fetch ?? fetch)(`${url.replace(/\/$/, "")}/v1/events`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({ events }),
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
      retryAfterMs: retryAfterMs(response, Date.now()),
      reason: `the edge answered ${status} ${answer?.detail ?? ""}`,
    };
  } catch (cause) {
    return { ok: false, retryable: true, reason: `the edge was not reached: ${cause}` };
  }
}
