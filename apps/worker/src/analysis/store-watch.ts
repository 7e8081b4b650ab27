import { type AnalysisDue, clearObstacle, finishRequests, recordObstacle } from "@telltale/control";
import type { Logger } from "pino";
import { AWAY } from "./problem.ts";
import type { RunDependencies } from "./run.ts";

export interface StoreWatch {
  /** Whether the event store answers; where it does not, these experiments and their requests say so. */
  isThere(all: readonly AnalysisDue[]): Promise<boolean>;
}

/** Knows whether the event store is there, so that its absence is told once and is nobody's failure. */
export function openStoreWatch({
  database,
  events,
  now,
  log,
}: RunDependencies & { log: Pick<Logger, "warn"> }): StoreWatch {
  // Unknown at first: the worker before this one may have told of an absence that is over.
  let wasThere: boolean | undefined;
  const tell = async (all: readonly AnalysisDue[]) => {
    const untold = all.filter(({ isScheduled, state }) => isScheduled && state.problem !== AWAY);
    await recordObstacle(database, { experimentIds: untold.map(({ experimentId }) => experimentId), problem: AWAY });
    const ids = all.flatMap(({ requests }) => requests.map(({ id }) => id));
    await finishRequests(database, { ids, at: now(), outcome: { problem: AWAY } });
  };
  return {
    async isThere(all) {
      const isThere = await events.ping();
      if (!isThere) await tell(all);
      else if (wasThere !== true) await clearObstacle(database);
      if (!isThere && wasThere !== false) log.warn("the event store does not answer");
      if (isThere && wasThere === false) log.warn("the event store answers again");
      wasThere = isThere;
      return isThere;
    },
  };
}
