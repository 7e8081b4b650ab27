export { isUsable } from "./decide/operators.ts";
export { type Subject, subjectOf, type Unit, unitOf } from "./decide/subject.ts";
export { decide, evaluate } from "./evaluate.ts";
export type { ErrorCode, Evaluation, EvaluationContext, EvaluationError, Outcome, Reason } from "./evaluation.ts";
export type {
  EvaluationsEvent,
  EventBatch,
  EventReceipt,
  ExposureEvent,
  TelltaleEvent,
  TrackEvent,
} from "./events.ts";
export { bucketOf, type Encoded, encode, endsOf, hashId, LINE, PARTS, seedOf } from "./hash.ts";
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
