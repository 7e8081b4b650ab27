export { type Act, type Acted, actOn, isOffered, VERBS, type Verb } from "./act.ts";
export { checkStart, exposedParts, partsBefore, type RuleBaseline, ruleBaselineOf, serveOf } from "./exposure.ts";
export { type GuardEvidence, type GuardReading, isWatched } from "./guards.ts";
export { describeStep, MOVE_KINDS, type Move, type MoveKind, pauseMove, type ReleaseAt } from "./move.ts";
export { asideMove, lookAgainAt, nextMove, type ReleaseEvidence, STALLED_MS, type Wait, waitsOf } from "./next.ts";
export {
  EXPOSED,
  GUARD_ACTIONS,
  type Guard,
  planOf,
  type ReleasePlan,
  type ReleaseStep,
  releasePlanSchema,
  STRATEGIES,
  type Strategy,
  WHOLE,
} from "./plan.ts";
export { growShare } from "./share.ts";
export {
  DRAFT,
  measuredBy,
  OWNING,
  type PauseReason,
  RELEASE_STATUSES,
  type ReleaseState,
  type ReleaseStatus,
  readReleaseState,
} from "./state.ts";
