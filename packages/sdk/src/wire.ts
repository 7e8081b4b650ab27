import type { EventReceipt, TelltaleEvent } from "@telltale/evaluator";

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
  try {
    const body = JSON.stringify({ events });
    try {
      return await post(destination, events, body);
    } catch (cause) {
      return { ok: false, retryable: true, reason: `the edge was not reached: ${messageOf(cause)}` };
    }
  } catch (cause) {
    return { ok: false, retryable: false, reason: `the events are no JSON: ${messageOf(cause)}` };
  }
}

async function post(destination: Destination, events: readonly TelltaleEvent[], body: string): Promise<SendResult> {
  const { url, key, signal, keepalive } = destination;
  const response = await (destination.fetch ?? fetch)(`${url.replace(/\/+$/, "")}/v1/events`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body,
    ...(signal && { signal }),
    ...(keepalive && { keepalive }),
  });
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok) {
    if (isReceipt(answer)) return { ok: true, receipt: answer };
    return { ok: false, retryable: true, reason: "the answer is no receipt: is this the edge's address?" };
  }
  const { status } = response;
  const reason = `the edge answered ${status}${detailOf(answer)}`;
  if (status === 413) return events.length > 1 ? halve(destination, events) : refusal(events[0], reason);
  const retryAfterMs = waitOf(response.headers.get("retry-after"));
  return {
    ok: false,
    retryable: status === 408 || status === 429 || status >= 500,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    reason,
  };
}

/** When the second half fails, the whole batch has: the first half may be sent again. */
async function halve(destination: Destination, events: readonly TelltaleEvent[]): Promise<SendResult> {
  const middle = events.length >> 1;
  const first = await sendBatch(destination, events.slice(0, middle));
  if (!first.ok) return first;
  const second = await sendBatch(destination, events.slice(middle));
  if (!second.ok) return second;
  const refused = second.receipt.refused.map((one) => ({ ...one, index: one.index + middle }));
  const accepted = first.receipt.accepted + second.receipt.accepted;
  return { ok: true, receipt: { accepted, refused: [...first.receipt.refused, ...refused] } };
}

function refusal(event: TelltaleEvent | undefined, reason: string): SendResult {
  return { ok: true, receipt: { accepted: 0, refused: event ? [{ index: 0, id: event.id, reason }] : [] } };
}

function isReceipt(answer: unknown): answer is EventReceipt {
  const { accepted, refused } = (answer ?? {}) as Partial<EventReceipt>;
  return typeof accepted === "number" && Array.isArray(refused);
}

function detailOf(problem: unknown): string {
  const { detail, title } = (problem ?? {}) as { detail?: unknown; title?: unknown };
  return detail || title ? `: ${detail || title}` : "";
}

/** Retry-After: seconds or a date. */
function waitOf(header: string | null): number | undefined {
  if (!header) return undefined;
  const waitMs = Number.isNaN(Number(header)) ? Date.parse(header) - Date.now() : Number(header) * 1_000;
  return waitMs >= 0 ? waitMs : undefined;
}

export function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
