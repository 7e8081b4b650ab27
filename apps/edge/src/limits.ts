import { RETENTION_DAYS_DEFAULT } from "@telltale/events";

/** What one edge accepts. Every limit answers with a status and words; docs/edge.md lists them. */
export interface EdgeLimits {
  /** Bytes of a POST body, as sent and unpacked; more answers 413. */
  bodyBytes: number;
  /** Events in one batch; more answers 413. */
  batchEvents: number;
  /** Events waiting in memory for the store; more go to the spool, or answer 503 without one. */
  queuedEvents: number;
  /** Bytes waiting in memory for the store; more go to the spool, or answer 503 without one. */
  queuedBytes: number;
  /** An insert that has not answered by then has failed, milliseconds. */
  storeTimeoutMs: number;
  /** Bytes waiting on disk for the store; more answers 503. */
  spoolBytes: number;
  /** Requests, and events, that one key may send a second, with bursts of two seconds' worth; more answer 429. */
  keyRequestsPerSecond: number;
  keyEventsPerSecond: number;
  /** Batches that wait for their turn to be read; more answer 503. */
  pendingBatches: number;
  /** Bytes of bodies in memory; beyond them the slowest give way. */
  pendingBytes: number;
  /** How late the event loop may be, milliseconds, before the requests that it is busy with answer 503. */
  loopLagMs: number;
  /** How late it may be, milliseconds, before an organisation that asks for more than its share is sent away: 429. */
  sharesLagMs: number;
  /** How long that answer takes, milliseconds. */
  sharesDelayMs: number;
  /** Days that the store keeps events; older ones are refused. */
  retentionDays: number;
  /** Events written by one insert. */
  insertEvents: number;
  /** Inserts under way at once. One makes the largest groups, which the embedded engine takes fastest. */
  inserts: number;
  /** Inserts start at least this far apart, milliseconds: what arrives in between travels together. */
  insertIntervalMs: number;
  /** Open streams; more answers 503. */
  streams: number;
  /** Bytes a stream may lag behind before it is dropped. */
  streamBufferBytes: number;
  /** Middle of a stream's age, milliseconds; each gets its own, from half of it to one and a half. */
  streamAgeMs: number;
}

export const DEFAULT_LIMITS: EdgeLimits = {
  bodyBytes: 1_048_576,
  batchEvents: 1_000,
  queuedEvents: 100_000,
  queuedBytes: 64 * 1_048_576,
  storeTimeoutMs: 5_000,
  spoolBytes: 1_024 * 1_048_576,
  keyRequestsPerSecond: 10_000,
  keyEventsPerSecond: 100_000,
  pendingBatches: 1_000,
  pendingBytes: 64 * 1_048_576,
  loopLagMs: 500,
  sharesLagMs: 100,
  sharesDelayMs: 1_000,
  retentionDays: RETENTION_DAYS_DEFAULT,
  insertEvents: 10_000,
  inserts: 1,
  insertIntervalMs: 50,
  streams: 10_000,
  streamBufferBytes: 1_048_576,
  streamAgeMs: 20 * 60_000,
};

/** Bytes of an OFREP request's body; more answers 413. */
export const CONTEXT_BYTES_MAX = 65_536;

/** Levels that the JSON of a body may nest, more than any event or context that makes sense; more answers 400. */
export const DEPTH_MAX = 32;

/** What one path takes of a body, bytes. */
export function bodyBytesMax(path: string, limits: Pick<EdgeLimits, "bodyBytes">): number {
  return path.startsWith("/ofrep/") ? CONTEXT_BYTES_MAX : limits.bodyBytes;
}

/** An event may be this far ahead of the edge's clock after correction, milliseconds: a day. */
export const NEWEST_MS = 86_400_000;

/** Characters (UTF-16 units) and counts inside one event; beyond them the event is refused, the batch is not. */
export const EVENT_LIMITS = {
  id: 64,
  /** Experiments, flags, variants, rules, event names. */
  name: 128,
  unit: 256,
  units: 10,
  attributes: 50,
  attributeName: 128,
  attributeValue: 256,
  /** Length of the properties as JSON. */
  properties: 8_192,
  propertiesDepth: 5,
} as const;
