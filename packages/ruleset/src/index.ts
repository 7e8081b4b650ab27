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
  Visibility,
} from "./configuration.ts";
export { patternProblem } from "./patterns/vet.ts";
export { announceKeys, publish, ring, visibilityOf } from "./publish.ts";
export { republishOutdated } from "./republish.ts";
