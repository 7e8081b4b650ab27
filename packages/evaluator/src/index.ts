export { evaluate } from "./evaluate.ts";
export type { ErrorCode, Evaluation, EvaluationContext, EvaluationError, Reason } from "./evaluation.ts";
export type {
  EvaluationsEvent,
  EventBatch,
  EventReceipt,
  ExposureEvent,
  TelltaleEvent,
  TrackEvent,
} from "./events.ts";
export { bucketOf, endsOf, hashId, LINE, murmur3, PARTS, seedOf, utf8 } from "./hash.ts";
export { type Prepared, type PrepareResult, prepare } from "./prepare.ts";
export {
  type Audience,
  type Condition,
  type Flag,
  type FlagType,
  type Hints,
  type Holdout,
  type IdList,
  type JsonValue,
  type Prerequisite,
  RULESET_SCHEMA,
  type Rule,
  type Ruleset,
  type Scalar,
  type Segment,
  type Serve,
  type Split,
  type Target,
} from "./ruleset.ts";
export { type UnitBytes, type UnitCache, unitText } from "./unit.ts";
