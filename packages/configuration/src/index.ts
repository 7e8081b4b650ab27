export { type ConfigurationChange, describeChanges, NOTHING_CHANGED } from "./changes.ts";
export { canonical, isSame } from "./equality.ts";
export { type AppliedInstructions, applyToFlag, type InstructionProblem, invertFlag } from "./flag/change/apply.ts";
export { diffFlag, isSameConfiguration } from "./flag/change/diff.ts";
export { type FlagInstruction, flagInstructionsSchema } from "./flag/change/instruction.ts";
export { describeConflicts, type FlagConflict, type MergedFlag, mergeFlag, rebaseFlag } from "./flag/change/merge.ts";
export { describeFlagChange, listFlagChanges, movedParts } from "./flag/change/words.ts";
export { checkConfiguration, invisiblePrerequisite, type OtherFlag, type References } from "./flag/check.ts";
export { conditionSchema } from "./flag/condition-schema.ts";
export type {
  ConfigCondition,
  ConfigRule,
  ConfigServe,
  ConfigSplit,
  FlagConfiguration,
  Visibility,
} from "./flag/configuration.ts";
export { namedSegments } from "./flag/named-segments.ts";
export { configurationSchema, readConfiguration, readServe } from "./flag/schema.ts";
export {
  describeCondition,
  describeParts,
  describeRule,
  describeServe,
  describeWhenOn,
} from "./flag/words.ts";
export { descriptionSchema, keySchema, nameSchema } from "./keys.ts";
export {
  applyToMetric,
  diffMetric,
  invertMetric,
  type MetricConflict,
  type MetricInstruction,
  mergeMetric,
  metricInstructionsSchema,
} from "./metric/change.ts";
export type {
  Aggregation,
  Cap,
  EventCondition,
  EventSource,
  MetricDefinition,
} from "./metric/definition.ts";
export { checkMargin, type DescribedMetric, metricSchema } from "./metric/metric.ts";
export {
  type MetricFormat,
  type MetricKind,
  metricDefinitionSchema,
  metricFormatSchema,
  metricKindSchema,
} from "./metric/schema.ts";
export {
  describeDefinition,
  describeMetricChange,
  describeMetricConflicts,
  listMetricChanges,
  listMetricFacts,
} from "./metric/words.ts";
export { diffPlan, type PlanInstruction } from "./plan/change.ts";
export { type MergedPlan, mergePlan, type PlanConflict } from "./plan/merge.ts";
export { type DraftPlan, type PlanMetric, readDraftPlan } from "./plan/plan.ts";
export { describePlanChange, describePlanConflicts, type SettingWords } from "./plan/words.ts";
export {
  applyToSegment,
  diffSegment,
  invertSegment,
  isSameSegment,
  mergeSegment,
  type SegmentConflict,
  type SegmentInstruction,
  segmentInstructionsSchema,
} from "./segment/change.ts";
export {
  type DescribedSegment,
  readSegmentDefinition,
  type SegmentDefinition,
  segmentSchema,
} from "./segment/segment.ts";
export { describeSegment, describeSegmentChange, listSegmentChanges } from "./segment/words.ts";
export { findUnstorable, type Unstorable } from "./storable.ts";
