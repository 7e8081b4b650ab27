import {
  advanceRelease,
  applyChange,
  approveChange,
  approveRelease,
  archiveEnvironment,
  archiveFlag,
  archiveProject,
  cancelRelease,
  configureExperiment,
  configureFlag,
  createEnvironment,
  createExperiment,
  createFlag,
  createHoldout,
  createKey,
  createLayer,
  createMetric,
  createProject,
  createRelease,
  createRole,
  createTeam,
  createToken,
  declineChange,
  decommissionRelease,
  editChange,
  endHoldout,
  giveRole,
  noteExperiment,
  orderEnvironments,
  orderProjects,
  pauseRelease,
  proposeChange,
  remarkOnChange,
  removeMember,
  removeRole,
  removeTeam,
  renameOrganisation,
  renameProject,
  restoreEnvironment,
  restoreProject,
  resumeRelease,
  revertChange,
  revertFlag,
  revertMetric,
  revertSegment,
  revokeKey,
  revokeToken,
  rollBackRelease,
  saveSegment,
  scheduleChange,
  setEnvironmentPolicy,
  setMemberRole,
  setOwner,
  setProjectPolicy,
  setStatistics,
  setVisibility,
  startRelease,
  stopExperiment,
  switchFlag,
  takeRole,
  unscheduleChange,
  updateEnvironment,
  updateFlag,
  updateMetric,
  updateRole,
  updateSegment,
  updateTeam,
  withdrawChange,
} from "@telltale/control";
import { explain } from "./access/explain.ts";
import { list as auditList } from "./audit/list.ts";
import { get as changeGet } from "./change/get.ts";
import { list as changeList } from "./change/list.ts";
import { preview } from "./change/preview.ts";
import { get as experimentGet } from "./experiment/get.ts";
import { list as experimentList } from "./experiment/list.ts";
import { sizingOfPlan } from "./experiment/plan/sizing.ts";
import { start } from "./experiment/plan/start.ts";
import { refresh } from "./experiment/refresh.ts";
import { request } from "./experiment/request.ts";
import { resultsOf } from "./experiment/results.ts";
import { get as flagGet } from "./flag/get.ts";
import { history } from "./flag/history.ts";
import { lastSeen } from "./flag/last-seen.ts";
import { list as flagList } from "./flag/list.ts";
import { usage } from "./flag/usage.ts";
import { list as holdoutList } from "./holdout/list.ts";
import { lag } from "./ingestion/lag.ts";
import { waiting } from "./ingestion/waiting.ts";
import { list as keyList } from "./key/list.ts";
import { list as layerList } from "./layer/list.ts";
import { access as memberAccess } from "./member/access.ts";
import { list as memberList } from "./member/list.ts";
import { get as metricGet } from "./metric/get.ts";
import { history as metricHistory } from "./metric/history.ts";
import { list as metricList } from "./metric/list.ts";
import { statistics } from "./organisation/statistics.ts";
import { get as projectGet } from "./project/get.ts";
import { get as releaseGet } from "./release/get.ts";
import { list as releaseList } from "./release/list.ts";
import { get as segmentGet } from "./segment/get.ts";
import { history as segmentHistory } from "./segment/history.ts";
import { list as segmentList } from "./segment/list.ts";
import { me } from "./session/me.ts";
import { get as snapshotGet } from "./snapshot/get.ts";
import { list as snapshotList } from "./snapshot/list.ts";
import { recompute } from "./snapshot/recompute.ts";
import { list as tokenList } from "./token/list.ts";
import { fromCommand, router } from "./trpc.ts";

/** The whole API: a noun a folder, a procedure a file. */
export const appRouter = router({
  session: router({ me }),
  access: router({ explain }),
  organisation: router({
    rename: fromCommand(renameOrganisation),
    statistics,
    setStatistics: fromCommand(setStatistics),
  }),
  member: router({
    access: memberAccess,
    list: memberList,
    setRole: fromCommand(setMemberRole),
    remove: fromCommand(removeMember),
  }),
  team: router({
    create: fromCommand(createTeam),
    update: fromCommand(updateTeam),
    remove: fromCommand(removeTeam),
  }),
  role: router({
    create: fromCommand(createRole),
    update: fromCommand(updateRole),
    remove: fromCommand(removeRole),
    give: fromCommand(giveRole),
    take: fromCommand(takeRole),
  }),
  owner: router({ set: fromCommand(setOwner) }),
  token: router({ list: tokenList, create: fromCommand(createToken), revoke: fromCommand(revokeToken) }),
  project: router({
    get: projectGet,
    create: fromCommand(createProject),
    rename: fromCommand(renameProject),
    order: fromCommand(orderProjects),
    archive: fromCommand(archiveProject),
    restore: fromCommand(restoreProject),
    setPolicy: fromCommand(setProjectPolicy),
  }),
  environment: router({
    create: fromCommand(createEnvironment),
    update: fromCommand(updateEnvironment),
    order: fromCommand(orderEnvironments),
    archive: fromCommand(archiveEnvironment),
    restore: fromCommand(restoreEnvironment),
    setPolicy: fromCommand(setEnvironmentPolicy),
  }),
  key: router({ list: keyList, create: fromCommand(createKey), revoke: fromCommand(revokeKey) }),
  flag: router({
    list: flagList,
    get: flagGet,
    create: fromCommand(createFlag),
    switch: fromCommand(switchFlag),
    configure: fromCommand(configureFlag),
    update: fromCommand(updateFlag),
    revert: fromCommand(revertFlag),
    history,
    archive: fromCommand(archiveFlag),
    setVisibility: fromCommand(setVisibility),
    usage,
    lastSeen,
  }),
  release: router({
    list: releaseList,
    get: releaseGet,
    create: fromCommand(createRelease),
    start: fromCommand(startRelease),
    cancel: fromCommand(cancelRelease),
    pause: fromCommand(pauseRelease),
    resume: fromCommand(resumeRelease),
    advance: fromCommand(advanceRelease),
    approve: fromCommand(approveRelease),
    rollback: fromCommand(rollBackRelease),
    decommission: fromCommand(decommissionRelease),
  }),
  segment: router({
    list: segmentList,
    get: segmentGet,
    history: segmentHistory,
    save: fromCommand(saveSegment),
    update: fromCommand(updateSegment),
    revert: fromCommand(revertSegment),
  }),
  metric: router({
    list: metricList,
    get: metricGet,
    create: fromCommand(createMetric),
    history: metricHistory,
    update: fromCommand(updateMetric),
    revert: fromCommand(revertMetric),
  }),
  experiment: router({
    list: experimentList,
    get: experimentGet,
    create: fromCommand(createExperiment),
    sizing: sizingOfPlan,
    configure: fromCommand(configureExperiment),
    start,
    stop: fromCommand(stopExperiment),
    note: fromCommand(noteExperiment),
    refresh,
    request,
    results: resultsOf,
    snapshots: snapshotList,
    snapshot: snapshotGet,
    recompute,
  }),
  layer: router({ list: layerList, create: fromCommand(createLayer) }),
  holdout: router({ list: holdoutList, create: fromCommand(createHoldout), end: fromCommand(endHoldout) }),
  change: router({
    list: changeList,
    get: changeGet,
    preview,
    propose: fromCommand(proposeChange),
    edit: fromCommand(editChange),
    remark: fromCommand(remarkOnChange),
    approve: fromCommand(approveChange),
    decline: fromCommand(declineChange),
    withdraw: fromCommand(withdrawChange),
    schedule: fromCommand(scheduleChange),
    unschedule: fromCommand(unscheduleChange),
    applyNow: fromCommand(applyChange),
    revert: fromCommand(revertChange),
  }),
  ingestion: router({ lag, waiting }),
  audit: router({ list: auditList }),
});

export type AppRouter = typeof appRouter;
