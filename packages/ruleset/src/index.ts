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
export { pruneRulesets } from "./prune.ts";
export { announceKeys, publish, ring } from "./publish.ts";
export { readRuleset } from "./rebuild.ts";
export { republishOutdated } from "./republish.ts";
export { visibilityOf } from "./source.ts";
export type { Changed } from "./step.ts";
export { keepWholes, writeDocuments } from "./wholes.ts";
