import { type AnalysisInputs, type AnalysisPlan, analysisInputsSchema } from "@telltale/analysis";
import type { Database } from "@telltale/db";
import { actorId } from "../door/actor.ts";
import { editedSince, planParts, readPlan } from "../experiments/plan.ts";
import { type AnalysisState, stateOf } from "./state.ts";

/** Requests that are not answered yet. */
export interface OpenRequest {
  id: string;
  breakdown: string | null;
  /** Id of the person who requested it; null for none. */
  personId: string | null;
}

/** An experiment whose analysis could be due, with what decides that. */
export interface AnalysisDue {
  experimentId: string;
  /** Its key. */
  experiment: string;
  status: "running" | "ended";
  from: Date;
  /** When it ended; null while it runs. */
  to: Date | null;
  state: AnalysisState;
  /** Whether the plain analysis goes on; false for one that is over and here for its requests only. */
  isScheduled: boolean;
  /** Open ones, oldest first; some may be under way now, or were when a worker was killed. */
  requests: OpenRequest[];
  /** Whether this engine has written a plain snapshot of it. */
  hasSnapshot: boolean;
}

export interface DueOptions {
  engine: string;
  /** The time by the worker's clock: bookkeeping from after it was written while that clock ran ahead, and counts as none. */
  now: Date;
  /** How long events may come late after somebody stopped an experiment (default: an hour). */
  lateMs?: number | undefined;
}

/**
 * Running experiments, those that ended until this engine looked once for news after late events had come, and whatever
 * somebody asked for. Read by the worker, which acts for nobody.
 */
export async function analysesDue(database: Database, options: DueOptions): Promise<AnalysisDue[]> {
  const { engine } = options;
  const scheduled = new Map((await candidates(database, options)).map((row) => [row.id, row.isScheduled]));
  const rows = await database.experiment.findMany({
    where: { id: { in: [...scheduled.keys()] } },
    // Asked every second: without what is large, such as plans.
    select: {
      id: true,
      key: true,
      status: true,
      startedAt: true,
      endedAt: true,
      state: true,
      requests: { where: { finishedAt: null }, orderBy: { sequence: "asc" } },
      snapshots: { where: { engine, breakdown: null }, select: { id: true }, take: 1 },
    },
    orderBy: { startedAt: "asc" },
  });
  return rows.flatMap((row) => {
    const { id, key, status, startedAt, endedAt, state, requests, snapshots } = row;
    if (startedAt === null || status === "draft") return [];
    const open = requests.map(({ id, breakdown, requestedBy }) => ({ id, breakdown, personId: actorId(requestedBy) }));
    return [
      {
        experimentId: id,
        experiment: key,
        status,
        from: startedAt,
        to: endedAt,
        state: stateOf(state),
        requests: open,
        hasSnapshot: snapshots.length > 0,
        isScheduled: scheduled.get(id) ?? false,
      },
    ];
  });
}

async function candidates(database: Database, { engine, now, lateMs = 3_600_000 }: DueOptions) {
  const lateSeconds = lateMs / 1_000;
  return await database.$queryRaw<{ id: string; isScheduled: boolean }[]>`
    select * from (
      select e.id,
        e.status = 'running'
          or s."newsCheckedAt" is null or s.failures > 0 or s."newsCheckedAt" > ${now}
          or s."newsCheckedAt" < e."stoppedAt" + make_interval(secs => ${lateSeconds})
          or not exists (
            select 1 from snapshot n where n."experimentId" = e.id and n.engine = ${engine} and n.breakdown is null)
          as "isScheduled",
        exists (select 1 from analysis_request r where r."experimentId" = e.id and r."finishedAt" is null) as asked
      from experiment e left join analysis_state s on s."experimentId" = e.id
      where e."startedAt" is not null
    ) started
    where "isScheduled" or asked`;
}

/** Everything to analyse one experiment. */
export interface AnalysisOrder {
  id: string;
  key: string;
  environmentId: string;
  status: "running" | "ended";
  from: Date;
  /** When it ended; null while it runs. */
  to: Date | null;
  plan: AnalysisPlan;
  /** Names of metrics that are read otherwise today than the plan reads them. */
  editedSince: string[];
  /** What earlier runs hand on. */
  before: HandedOn;
}

/** What an earlier run counted information from, and the looks that it took: see `AnalysisInputs`. Empty before the first. */
type HandedOn = Pick<AnalysisInputs, "reference" | "looks">;

/** What the worker needs to analyse an experiment; null for one that has not started, or is gone. */
export async function analysisOrder(database: Database, experimentId: string): Promise<AnalysisOrder | null> {
  const row = await database.experiment.findUnique({
    where: { id: experimentId },
    include: planParts,
  });
  if (!row?.startedAt || row.status === "draft") return null;
  const { id, key, environmentId, status, startedAt: from, endedAt: to } = row;
  return {
    id,
    key,
    environmentId,
    status,
    from,
    to,
    plan: readPlan(row),
    editedSince: editedSince(row),
    before: await handedOn(database, id),
  };
}

/** What the newest snapshot hands on; what it does not have, or has in a shape of another release, is left out. */
async function handedOn(database: Database, experimentId: string): Promise<HandedOn> {
  const [row] = await database.$queryRaw<Record<keyof HandedOn, unknown>[]>`
    select inputs->'reference' as reference, inputs->'looks' as looks from snapshot
    where "experimentId" = ${experimentId} and breakdown is null order by sequence desc limit 1`;
  const { shape } = analysisInputsSchema;
  const reference = shape.reference.catch(undefined).parse(row?.reference ?? undefined);
  const looks = shape.looks.catch(undefined).parse(row?.looks ?? undefined);
  return { ...(reference ? { reference } : {}), ...(looks ? { looks } : {}) };
}
