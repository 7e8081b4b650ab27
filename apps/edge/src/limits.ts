/** What one edge accepts. Every limit answers with a status and words; docs/edge.md lists them. */
export interface Limits {
  /** Bytes of a POST body; more answers 413. */
  bodyBytes: number;
  /** Events in one batch; more answers 413. */
  batchEvents: number;
  /** Events waiting for the store; more answers 503. */
  queuedEvents: number;
  /** Body bytes waiting for the store; more answers 503. */
  queuedBytes: number;
  /** Events written by one insert. */
  insertEvents: number;
  /** Inserts start at least this far apart, milliseconds: what arrives in between travels together. */
  insertIntervalMs: number;
  /** Open streams; more answers 503. */
  streams: number;
  /** Bytes a stream may lag behind before it is dropped. */
  streamBufferBytes: number;
  /** Middle of a stream's age, milliseconds; each gets its own, from half of it to one and a half. */
  streamAgeMs: number;
}

export const DEFAULT_LIMITS: Limits = {
  bodyBytes: 1_048_576,
  batchEvents: 1_000,
  queuedEvents: 100_000,
  queuedBytes: 64 * 1_048_576,
  insertEvents: 10_000,
  insertIntervalMs: 50,
  streams: 10_000,
  streamBufferBytes: 1_048_576,
  streamAgeMs: 20 * 60_000,
};

/** An event may be this old, milliseconds: 35 days. */
export const OLDEST_MS = 35 * 86_400_000;
/** An event may be this far ahead of the edge's clock, milliseconds: 10 minutes. */
export const NEWEST_MS = 10 * 60_000;

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
