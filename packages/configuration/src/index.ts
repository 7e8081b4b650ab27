export { canonical, isSame, isSameConfiguration } from "./equality.ts";
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
export { configurationSchema, readConfiguration } from "./flag/schema.ts";
export {
  describeChange,
  describeRule,
  describeServe,
  describeWhenOn,
  NOTHING_CHANGED,
  percent,
} from "./flag/words.ts";
export { keySchema } from "./keys.ts";
export type {
  Aggregation,
  Cap,
  EventCondition,
  EventSource,
  MetricDefinition,
} from "./metric/definition.ts";
export {
  type MetricFormat,
  type MetricKind,
  metricDefinitionSchema,
  metricFormatSchema,
  metricKindSchema,
} from "./metric/schema.ts";
export { describeDefinition, describeMetricChange } from "./metric/words.ts";
export { readSegmentDefinition, type SegmentDefinition, segmentSchema } from "./segment/segment.ts";
export { findUnstorable, type Unstorable } from "./storable.ts";
