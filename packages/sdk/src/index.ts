export type {
  Evaluation,
  EvaluationContext,
  EvaluationError,
  JsonValue,
  Reason,
  Ruleset,
} from "@telltale/evaluator";
export { type Client, type ClientOptions, createClient, type Readiness, type Status } from "./client.ts";
export type { Unit, Widen } from "./evaluate/unit.ts";
export type { ClientEvents, Delivery, Source } from "./listeners.ts";
