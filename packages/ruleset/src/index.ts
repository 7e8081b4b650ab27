export { compile } from "./compile.ts";
export type {
  ConfigCondition,
  ConfigRule,
  ConfigServe,
  ConfigSplit,
  ConfigTarget,
  EnvironmentSource,
  FlagConfiguration,
  FlagSource,
  SegmentDefinition,
} from "./configuration.ts";
export { announceKeys, publish, ring } from "./publish.ts";
