export { type Database, isReachable, openDatabase } from "@telltale/db";
export { keepWholes, pruneRulesets, republishOutdated, ring, writeDocuments } from "@telltale/ruleset";
export { askedAction, explainAction } from "./access/explain.ts";
export { type PersonAccess, readPeople } from "./access/people.ts";
export { type Access, readAccess } from "./access/read-access.ts";
export { type MissingAction, requireAction } from "./access/require-action.ts";
export { hashToken } from "./access/secret.ts";
export { type FoundToken, findToken } from "./access/tokens.ts";
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
export { type AuditRecord, readTrail } from "./audit/trail.ts";
export { applyChange, revertChange } from "./changes/apply.ts";
export { previewCommands, previewed, previewInput } from "./changes/preview.ts";
export { editChange, proposeChange } from "./changes/propose.ts";
export { changeDetail, changeList, getChange, listChanges } from "./changes/read.ts";
export { approveChange, declineChange, remarkOnChange, withdrawChange } from "./changes/review.ts";
export { applyDueChanges, scheduleChange, unscheduleChange } from "./changes/schedule.ts";
export { inChange } from "./changes/state.ts";
export type { Actor } from "./door/actor.ts";
export { parseProjectAddress, writeProjectAddress } from "./door/address.ts";
export { type AuditFault, type Verified, verifyAudit } from "./door/chain.ts";
export { findEnvironment } from "./door/change.ts";
export type { Command, CommandData } from "./door/command.ts";
export { ControlError, type ControlErrorCode, type NewerRevision } from "./door/error.ts";
export { openOrganisation, openProject } from "./door/open.ts";
export { archiveEnvironment, restoreEnvironment } from "./environments/archive.ts";
export { orderEnvironments, updateEnvironment } from "./environments/change.ts";
export { createEnvironment } from "./environments/create.ts";
export { type Arm, armsSchema } from "./experiments/arms.ts";
export { startExperiment, stopExperiment } from "./experiments/change.ts";
export { configureExperiment } from "./experiments/configure.ts";
export { createExperiment, type NewExperiment } from "./experiments/create.ts";
export { createHoldout, endHoldout, listHoldouts } from "./experiments/groups/holdouts.ts";
export { createLayer, listLayers } from "./experiments/groups/layers.ts";
export { noteExperiment } from "./experiments/note.ts";
export { type ExperimentPlan, getExperiment, getPlan, listExperiments } from "./experiments/read.ts";
export { plannedUnits, role } from "./experiments/shapes.ts";
export { archiveFlag, configureFlag, revertFlag, switchFlag, updateFlag } from "./flags/change.ts";
export { createFlag } from "./flags/create.ts";
export { flagHistory, getFlag, listFlags } from "./flags/read.ts";
export { setVisibility } from "./flags/visibility.ts";
export { createKey, listKeys, revokeKey } from "./keys/keys.ts";
export { describeMemberAccess, memberInProject } from "./members/access.ts";
export { listMembers } from "./members/list.ts";
export { getMembership } from "./members/membership.ts";
export { removeMember } from "./members/remove.ts";
export { setMemberRole } from "./members/set-role.ts";
export { createMetric } from "./metrics/create.ts";
export { getMetric, listMetrics, metricHistory } from "./metrics/read.ts";
export { revertMetric, updateMetric } from "./metrics/update.ts";
export { ensureOrganisation, RESERVED_KEYS } from "./organisations/create.ts";
export { renameOrganisation } from "./organisations/rename.ts";
export { setOwner } from "./ownership/set-owner.ts";
export { setEnvironmentPolicy, setProjectPolicy } from "./policies/policies.ts";
export { archiveProject, restoreProject } from "./projects/archive.ts";
export { orderProjects, renameProject } from "./projects/change.ts";
export { createProject } from "./projects/create.ts";
export { describeProject } from "./projects/read.ts";
export { createRelease } from "./releases/create.ts";
export type { Observe } from "./releases/observed.ts";
export { getRelease, listReleases, releaseDetail, releaseList } from "./releases/read.ts";
export { inRelease } from "./releases/shapes.ts";
export { stepDueReleases } from "./releases/step.ts";
export {
  advanceRelease,
  approveRelease,
  cancelRelease,
  decommissionRelease,
  pauseRelease,
  resumeRelease,
  rollBackRelease,
  startRelease,
} from "./releases/verbs.ts";
export { giveRole, takeRole } from "./roles/grants.ts";
export { createRole, removeRole, updateRole } from "./roles/roles.ts";
export { getSegment, listSegments, segmentHistory } from "./segments/read.ts";
export { revertSegment, saveSegment, updateSegment } from "./segments/save.ts";
export {
  experimentChange,
  experimentRevised,
  flagType,
  inEnvironment,
  inExperiment,
  inFlag,
  inItsEnvironment,
  inOrganisation,
  inProject,
  revision,
  visibility,
} from "./shapes.ts";
export { ensureUser, openSignIn, type SignIn } from "./sign-in/sign-in.ts";
export { getStatistics, setStatistics } from "./statistics/statistics.ts";
export { createTeam, removeTeam, updateTeam } from "./teams/teams.ts";
export { createToken, listTokens, revokeToken } from "./tokens/tokens.ts";
export { isWorkerPresent, WORKER_LOCK } from "./worker-presence.ts";
