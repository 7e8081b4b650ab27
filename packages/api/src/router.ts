import { list as auditList } from "./audit/list.ts";
import { get as experimentGet } from "./experiment/get.ts";
import { list as experimentList } from "./experiment/list.ts";
import { note } from "./experiment/note.ts";
import { configure as experimentConfigure } from "./experiment/plan/configure.ts";
import { create as experimentCreate } from "./experiment/plan/create.ts";
import { sizingOfPlan } from "./experiment/plan/sizing.ts";
import { start } from "./experiment/plan/start.ts";
import { stop } from "./experiment/plan/stop.ts";
import { refresh } from "./experiment/refresh.ts";
import { request } from "./experiment/request.ts";
import { resultsOf } from "./experiment/results.ts";
import { archive } from "./flag/archive.ts";
import { configure } from "./flag/configure.ts";
import { create as flagCreate } from "./flag/create.ts";
import { get as flagGet } from "./flag/get.ts";
import { history } from "./flag/history.ts";
import { lastSeen } from "./flag/last-seen.ts";
import { list as flagList } from "./flag/list.ts";
import { revert } from "./flag/revert.ts";
import { setFlagVisibility } from "./flag/set-visibility.ts";
import { switchOnOff } from "./flag/switch.ts";
import { usage } from "./flag/usage.ts";
import { create as holdoutCreate } from "./holdout/create.ts";
import { end } from "./holdout/end.ts";
import { list as holdoutList } from "./holdout/list.ts";
import { lag } from "./ingestion/lag.ts";
import { waiting } from "./ingestion/waiting.ts";
import { create as layerCreate } from "./layer/create.ts";
import { list as layerList } from "./layer/list.ts";
import { create as metricCreate } from "./metric/create.ts";
import { get as metricGet } from "./metric/get.ts";
import { list as metricList } from "./metric/list.ts";
import { update } from "./metric/update.ts";
import { setStatistics } from "./organisation/set-statistics.ts";
import { statistics } from "./organisation/statistics.ts";
import { createKey } from "./project/create-key.ts";
import { get as projectGet } from "./project/get.ts";
import { keys } from "./project/keys.ts";
import { revokeKey } from "./project/revoke-key.ts";
import { get as segmentGet } from "./segment/get.ts";
import { list as segmentList } from "./segment/list.ts";
import { save } from "./segment/save.ts";
import { me } from "./session/me.ts";
import { get as snapshotGet } from "./snapshot/get.ts";
import { list as snapshotList } from "./snapshot/list.ts";
import { recompute } from "./snapshot/recompute.ts";
import { router } from "./trpc.ts";

/** The whole API: a noun a folder, a procedure a file. */
export const appRouter = router({
  session: router({ me }),
  organisation: router({ statistics, setStatistics }),
  project: router({ get: projectGet, keys, createKey, revokeKey }),
  flag: router({
    list: flagList,
    get: flagGet,
    create: flagCreate,
    switch: switchOnOff,
    configure,
    revert,
    history,
    archive,
    setVisibility: setFlagVisibility,
    usage,
    lastSeen,
  }),
  segment: router({ list: segmentList, get: segmentGet, save }),
  metric: router({ list: metricList, get: metricGet, create: metricCreate, update }),
  experiment: router({
    list: experimentList,
    get: experimentGet,
    create: experimentCreate,
    sizing: sizingOfPlan,
    configure: experimentConfigure,
    start,
    stop,
    note,
    refresh,
    request,
    results: resultsOf,
    snapshots: snapshotList,
    snapshot: snapshotGet,
    recompute,
  }),
  layer: router({ list: layerList, create: layerCreate }),
  holdout: router({ list: holdoutList, create: holdoutCreate, end }),
  ingestion: router({ lag, waiting }),
  audit: router({ list: auditList }),
});

export type AppRouter = typeof appRouter;
