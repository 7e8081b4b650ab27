export type {
  Evaluation,
  EvaluationContext,
  EvaluationError,
  JsonValue,
  Reason,
  Ruleset,
} from "@telltale/evaluator";
export { type Client, type ClientOptions, createClient, type Readiness, type Status } from "./client.ts";
export type { Fallback, FlagKey, Flags, TrackDetails, Unit, ValueOf, Widen } from "./evaluate/unit.ts";
export type { ClientEvents, Delivery, Logger, Source } from "./listeners.ts";
export type { Storage } from "./state/storage.ts";
