import type { JsonValue } from "./ruleset.ts";

/**
 * Events as they travel from SDK to edge (POST /v1/events). The id makes retries free: an id is counted once.
 */
interface EventBase {
  /** Unique for ever; SDKs use a UUID. At most 64 characters. */
  id: string;
  /** When it happened by the sender's clock: ISO 8601, UTC. */
  time: string;
}

/** A unit was exposed to an experiment's variant. */
export interface ExposureEvent extends EventBase {
  type: "exposure";
  experiment: string;
  flag: string;
  variant: string;
  /** The value that was hashed, and the attribute it came from. */
  unit: string;
  by: string;
  /** Ruleset version that decided. */
  version: number;
  attributes?: Record<string, string | number | boolean>;
}

/** Something a unit did. */
export interface TrackEvent extends EventBase {
  type: "track";
  name: string;
  /** Unit ids by attribute, `targetingKey` usually among them: one row is stored for each. */
  units: Record<string, string>;
  value?: number;
  properties?: Record<string, JsonValue>;
}

/** How often a flag answered a variant by a rule, counted by the SDK since its last flush. */
export interface EvaluationsEvent extends EventBase {
  type: "evaluations";
  flag: string;
  variant: string;
  rule: string;
  reason: string;
  version: number;
  count: number;
}

export type TelltaleEvent = ExposureEvent | TrackEvent | EvaluationsEvent;

/** Body of POST /v1/events. */
export interface EventBatch {
  events: TelltaleEvent[];
  /** The sender's clock as it sends, ISO 8601 in UTC: what it is wrong by is taken off every event's time. */
  sentAt?: string;
  /** Who sends, as `js/0.1.0`. */
  sdk?: string;
}

/** Answer of POST /v1/events (200): every accepted event is stored by then. */
export interface EventReceipt {
  accepted: number;
  refused: { index: number; id?: string; reason: string }[];
}
