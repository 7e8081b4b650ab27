export { checkRuleset } from "./check/check.ts";
export { isScalar, isUsable } from "./decide/operators.ts";
export { type EncodedUnit, prepareSubject, type Subject, unitOf } from "./decide/subject.ts";
export { isIntact, sealed, sealedText } from "./digest.ts";
export { evaluate, resolveFlag } from "./evaluate.ts";
export {
  type ErrorCode,
  type Evaluation,
  type EvaluationContext,
  type EvaluationError,
  evaluationOf,
  type Reason,
  type Resolution,
} from "./evaluation.ts";
export type {
  EvaluationsEvent,
  EventBatch,
  EventReceipt,
  ExposureEvent,
  ObservationsEvent,
  TelltaleEvent,
  TrackEvent,
} from "./events.ts";
export { type Encoded, encode, endsOf, hashId, hashToBucket, LINE, PARTS, seedOf } from "./hash.ts";
export { createNaming, type Naming } from "./naming.ts";
export { applyPatch, patchBetween, type RulesetPatch } from "./patch.ts";
export { type Prepared, type PrepareResult, prepare } from "./prepare.ts";
export {
  type Audience,
  type Condition,
  type Flag,
  type FlagType,
  flagTypeOf,
  type Hints,
  type Holdout,
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
  type Watched,
} from "./ruleset.ts";
