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
  | { ok: false; retryable: boolean; retryAfterMs?: number; reason: string };

/**
 * Sends events to the edge (POST /v1/events); with a receipt, every accepted event is stored. A batch that is too big
 * for the edge is halved and sent again; a single event that is too big is refused. Never rejects.
 */
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
    const answer = await response.json().catch(() => {});
    if (response.ok && answer?.refused) return { ok: true, receipt: answer };
    const { status } = response;
    const reason = `the edge answered ${status} ${answer?.detail ?? ""}`;
    if (status === 413) return await halve(destination, events, reason);
    const wait = retryAfterMs(response, Date.now());
    return {
      ok: false,
      // An answer that is no receipt comes from something between us and the edge.
      retryable: response.ok || status === 408 || status === 429 || status >= 500,
      ...(wait !== undefined && { retryAfterMs: wait }),
      reason,
    };
  } catch (cause) {
    return { ok: false, retryable: true, reason: `the edge was not reached: ${cause}` };
  }
}

/** When one half fails, the whole batch has: the other may be sent again. */
async function halve(to: Destination, events: readonly TelltaleEvent[], reason: string): Promise<SendResult> {
  const middle = events.length >> 1;
  if (!middle) return { ok: true, receipt: { accepted: 0, refused: [{ index: 0, id: events[0]?.id, reason }] } };
  const first = await sendBatch(to, events.slice(0, middle));
  const second = first.ok ? await sendBatch(to, events.slice(middle)) : first;
  if (!first.ok || !second.ok) return second;
  const refused = second.receipt.refused.map((one) => ({ ...one, index: one.index + middle }));
  return {
    ok: true,
    receipt: {
      accepted: first.receipt.accepted + second.receipt.accepted,
      refused: [...first.receipt.refused, ...refused],
    },
  };
}
