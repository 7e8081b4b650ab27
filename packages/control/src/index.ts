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
export { type AnalysisDue, type AnalysisOrder, analysesDue, analysisOrder, type DueOptions } from "./analyses/due.ts";
export { getResults, listSnapshots, readSnapshot, type StoredRun } from "./analyses/read.ts";
export {
  type AnalysisRequest,
  type FinishedRequests,
  finishRequests,
  getRequest,
  OPEN_REQUESTS_MAX,
  requestAnalysis,
  takeRequests,
} from "./analyses/requests.ts";
export { type NewSnapshot, type StoredInputs, saveSnapshot } from "./analyses/snapshots.ts";
export {
  type AnalysisState,
  clearObstacle,
  type FinishedRun,
  type RunOutcome,
  recordNewsCheck,
  recordObstacle,
  recordRun,
  recordSlow,
} from "./analyses/state.ts";
export { listAudit } from "./audit/list.ts";
export type { Actor, Role } from "./door/actor.ts";
export { parseProjectAddress, projectAddressSchema, writeProjectAddress } from "./door/address.ts";
export { environmentOf, openProject } from "./door/commit.ts";
export { ControlError, type ControlErrorCode, type NewerRevision } from "./door/error.ts";
export { openOrganisation } from "./door/organisation.ts";
export type { OpenedProject } from "./door/project.ts";
export { archiveEnvironment, restoreEnvironment } from "./environments/archive.ts";
export { type ChangedEnvironment, changeEnvironment, orderEnvironments } from "./environments/change.ts";
export { createEnvironment, type NewEnvironment } from "./environments/create.ts";
export { type Arm, armsSchema } from "./experiments/arms.ts";
export { startExperiment, stopExperiment } from "./experiments/change.ts";
export { configureExperiment, type ExperimentConfiguration } from "./experiments/configure.ts";
export { createExperiment, type NewExperiment } from "./experiments/create.ts";
export type { ChosenMetric } from "./experiments/draft.ts";
export { createHoldout, endHoldout, listHoldouts } from "./experiments/holdouts.ts";
export { createLayer, listLayers } from "./experiments/layers.ts";
export { noteExperiment } from "./experiments/note.ts";
export { type ExperimentPlan, getExperiment, getPlan, listExperiments } from "./experiments/read.ts";
export { archiveFlag, configureFlag, revertFlag, switchFlag } from "./flags/change.ts";
export { createFlag } from "./flags/create.ts";
export { flagHistory, getFlag, listFlags } from "./flags/read.ts";
export { conditionSchema, configurationSchema, keySchema } from "./flags/schema.ts";
export { setVisibility } from "./flags/visibility.ts";
export { createKey, listKeys, revokeKey } from "./keys/keys.ts";
export { createMetric, type NewMetric } from "./metrics/create.ts";
export { getMetric, listMetrics } from "./metrics/read.ts";
export { type MetricUpdate, type UpdatedMetric, updateMetric } from "./metrics/update.ts";
export { ensureOrganisation, getMembership, setMember } from "./organisations/members.ts";
export { archiveProject, restoreProject } from "./projects/archive.ts";
export { orderProjects, renameProject } from "./projects/change.ts";
export { createProject, type NewProject } from "./projects/create.ts";
export { describeProject } from "./projects/read.ts";
export { getSegment, listSegments, saveSegment, segmentSchema } from "./segments/segments.ts";
export { ensureUser, openSignIn, type SignIn } from "./sign-in/sign-in.ts";
export { getStatistics, type NewStatistics, setStatistics } from "./statistics/statistics.ts";
export { isWorkerPresent, WORKER_LOCK } from "./worker-presence.ts";
