import type { JsonValue } from "./ruleset.ts";
import type { UnitSketch } from "./sketch.ts";

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

/**
 * What was observed of a metric since the last such event, in units that were served a variant by a rule of a flag under
 * release. SDKs send it for flags that the ruleset's hint `watched` names.
 */
export interface ObservationsEvent extends EventBase {
  type: "observations";
  flag: string;
  /** Id of the rule that served the variant; empty for everyone else. */
  rule: string;
  variant: string;
  /** Ruleset version that decided. */
  version: number;
  /** `exposed`: evaluations; else what the program named, `error` and `latency` (in milliseconds) by custom. */
  metric: string;
  /** How many observations. */
  count: number;
  /** Of `exposed`, units that were served since the last event; of all others, units that failed. Absent: none. */
  units?: UnitSketch;
  /** Sums of the observations' values and of their squares; absent where they have no values. */
  sum?: number;
  squares?: number;
}

export type TelltaleEvent = ExposureEvent | TrackEvent | EvaluationsEvent | ObservationsEvent;

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
