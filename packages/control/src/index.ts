export { type Database, isReachable, openDatabase } from "@telltale/db";
export type {
  ConfigCondition,
  ConfigRule,
  ConfigServe,
  ConfigSplit,
  FlagConfiguration,
  SegmentDefinition,
  Visibility,
} from "@telltale/ruleset";
export { republishOutdated, ring } from "@telltale/ruleset";
export { listAudit } from "./audit/list.ts";
export type { Actor, Role } from "./door/actor.ts";
export { ControlError, type ControlErrorCode, type NewerRevision } from "./door/error.ts";
export { type Arm, armsSchema } from "./experiments/arms.ts";
export { createExperiment, startExperiment, stopExperiment } from "./experiments/change.ts";
export { createHoldout, endHoldout, listHoldouts } from "./experiments/holdouts.ts";
export { createLayer, listLayers } from "./experiments/layers.ts";
export { type AnalysisPlan, experimentsToAnalyse, getExperiment, listExperiments } from "./experiments/read.ts";
export {
  type Analysis,
  analysisSchema,
  type Comparison,
  comparisonSchema,
  saveSnapshot,
  type Verdict,
} from "./experiments/snapshot.ts";
export { archiveFlag, configureFlag, revertFlag, switchFlag } from "./flags/change.ts";
export { createFlag } from "./flags/create.ts";
export { flagHistory, getFlag, listFlags } from "./flags/read.ts";
export { conditionSchema, configurationSchema, keySchema } from "./flags/schema.ts";
export { setVisibility } from "./flags/visibility.ts";
export { createKey, listKeys, revokeKey } from "./keys/keys.ts";
export { createMetric, listMetrics } from "./metrics/metrics.ts";
export {
  createProject,
  ensureOrganisation,
  getMembership,
  getProject,
  setMember,
} from "./organisations/organisations.ts";
export { getSegment, listSegments, saveSegment, segmentSchema } from "./segments/segments.ts";
export { ensureUser, openSignIn, type SignIn } from "./sign-in.ts";
