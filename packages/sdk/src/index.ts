export type {
  Evaluation,
  EvaluationContext,
  EvaluationError,
  JsonValue,
  Reason,
  Ruleset,
} from "@telltale/evaluator";
export { type Client, type ClientOptions, createClient } from "./client.ts";
export type { Unit, Widen } from "./evaluate/unit.ts";
export type { ClientEvents, Delivery } from "./listeners.ts";
