import { NEWEST_MS } from "../limits.ts";

const ISO_UTC = /^\d{4}-\d\d-\d\dT([01]\d|2[0-3])(:[0-5]\d){2}(\.\d{1,9})?Z$/;

/**
 * Below this the offset may as well be the time that the request travelled: nothing is corrected. Above it, the
 * sender's clock is wrong by more than any analysis would forgive.
 */
const TOLERANCE_MS = 5_000;

/** What the edge knows about time when a batch arrives. Milliseconds. */
export interface Receipt {
  receivedMs: number;
  /** To be added to the sender's times. */
  offsetMs: number;
  /** How long the store keeps events: older ones would leave as they come. */
  retentionMs: number;
}

/** Milliseconds since 1970 of ISO 8601 in UTC; NaN for everything else, and for days that do not exist. */
export function parseTime(value: unknown): number {
  if (typeof value !== "string" || !ISO_UTC.test(value)) return Number.NaN;
  const ms = Date.parse(value);
  const day = Number(value.slice(8, 10));
  // Dates roll over: the 30th of February would be the 2nd of March. Every month has 28 days.
  return day <= 28 || new Date(ms).getUTCDate() === day ? ms : Number.NaN;
}

/** How far the sender's clock is behind the edge's, by when it says that it sent; 0 for a sender that does not say. */
export function offsetOf(sentAtMs: number | undefined, receivedMs: number): number {
  if (sentAtMs === undefined) return 0;
  const offsetMs = receivedMs - sentAtMs;
  return Math.abs(offsetMs) <= TOLERANCE_MS ? 0 : offsetMs;
}

/** When an event happened by the edge's clock, never after it was received; or the reason why that cannot be. */
export function placeInTime(clockMs: number, receipt: Receipt): number | { reason: string } {
  const { receivedMs, offsetMs, retentionMs } = receipt;
  const atMs = clockMs + offsetMs;
  if (atMs < receivedMs - retentionMs) {
    return { reason: `“time” is more than ${Math.round(retentionMs / 86_400_000)} days ago.` };
  }
  if (atMs > receivedMs + NEWEST_MS) return { reason: "“time” is more than a day ahead." };
  return Math.min(atMs, receivedMs);
}
