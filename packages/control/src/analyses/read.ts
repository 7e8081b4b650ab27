import { type Analysis, analysisSchema } from "@telltale/analysis";
import type { Database, Prisma } from "@telltale/db";
import type { Actor } from "../door/actor.ts";
import { notFound } from "../door/error.ts";
import { openProject } from "../door/open.ts";
import { newestFirst, type StoredInputs, storedInputsSchema } from "./snapshots.ts";
import { type AnalysisState, stateOf } from "./state.ts";

interface Address {
  project: string;
  experiment: string;
}

async function openExperiment(database: Database, actor: Actor, { project, experiment }: Address) {
  const { id: projectId } = await openProject(database, actor, project);
  const row = await database.experiment.findUnique({
    where: { projectId_key: { projectId, key: experiment } },
    include: { state: true },
  });
  if (!row) throw notFound("experiment", experiment);
  return row;
}

/** A run as it was stored. What another engine wrote may have a shape that is read no more: then it is null. */
export interface StoredRun {
  id: string;
  createdAt: Date;
  dataTo: Date;
  engine: string;
  breakdown: string | null;
  analysis: Analysis | null;
  /** Null, too, where they were not requested. */
  inputs: StoredInputs | null;
}

const plain = { id: true, createdAt: true, dataTo: true, engine: true, breakdown: true } as const;

interface RunRow extends Omit<StoredRun, "analysis" | "inputs"> {
  result: unknown;
  inputs?: unknown;
}

/** A snapshot's row for reading. */
export function describeRun({ id, createdAt, dataTo, engine, breakdown, result, inputs }: RunRow): StoredRun {
  const analysis = analysisSchema.safeParse(result);
  const read = storedInputsSchema.safeParse(inputs);
  return {
    id,
    createdAt,
    dataTo,
    engine,
    breakdown,
    analysis: analysis.success ? analysis.data : null,
    inputs: read.success ? read.data : null,
  };
}

export interface ResultsAddress extends Address {
  /** Id of a snapshot; the newest plain one unless given. */
  snapshot?: string | undefined;
  /** An attribute: then its newest snapshot too. */
  breakdown?: string | undefined;
  /** Whether inputs are read: they are large. */
  withInputs: boolean;
}

export interface StoredResults {
  state: AnalysisState;
  /** Null before the first run. */
  run: StoredRun | null;
  /** Whether there is no newer one of its kind. */
  isNewest: boolean;
  /** Null where none was requested, or there is none yet. */
  breakdown: StoredRun | null;
}

/**
 * What is stored of an experiment's results.
 * @throws ControlError FORBIDDEN, NOT_FOUND
 */
export async function getResults(database: Database, actor: Actor, input: ResultsAddress): Promise<StoredResults> {
  const experiment = await openExperiment(database, actor, input);
  const select = { ...plain, result: true, inputs: input.withInputs };
  const newest = (breakdown: string | null) =>
    database.snapshot.findFirst({
      where: { experimentId: experiment.id, breakdown },
      orderBy: newestFirst,
      select,
    });
  const named =
    input.snapshot === undefined ? undefined : await findRun(database, experiment.id, input.snapshot, select);
  const run = named ?? (await newest(null));
  const broken = input.breakdown === undefined ? null : await newest(input.breakdown);
  return {
    state: stateOf(experiment.state),
    run: run && describeRun(run),
    isNewest: named ? (await newestId(database, experiment.id, named.breakdown)) === named.id : true,
    breakdown: broken && describeRun(broken),
  };
}

async function newestId(database: Database, experimentId: string, breakdown: string | null) {
  const where = { experimentId, breakdown };
  return (await database.snapshot.findFirst({ where, orderBy: newestFirst, select: { id: true } }))?.id;
}

async function findRun<S extends Prisma.SnapshotSelect>(
  database: Database,
  experimentId: string,
  id: string,
  select: S,
) {
  const row = await database.snapshot.findUnique({ where: { id, experimentId }, select });
  if (!row) throw notFound("snapshot", id);
  return row;
}

/**
 * One snapshot with everything that was stored: for looking behind a result, and for computing it again.
 * @throws ControlError FORBIDDEN, NOT_FOUND
 */
export async function readSnapshot(database: Database, actor: Actor, input: Address & { snapshot: string }) {
  const experiment = await openExperiment(database, actor, input);
  const row = await findRun(database, experiment.id, input.snapshot, {
    ...plain,
    digest: true,
    result: true,
    inputs: true,
  });
  return {
    ...describeRun(row),
    digest: row.digest,
    /** As they are in the database, whatever wrote them. */
    stored: { inputs: row.inputs as unknown, result: row.result as unknown },
  };
}

export interface SnapshotLine {
  id: string;
  createdAt: Date;
  dataTo: Date;
  engine: string;
  breakdown: string | null;
  /** Null where another engine wrote none. */
  people: number | null;
  /** Code of its verdict. */
  verdict: string | null;
}

/**
 * An experiment's snapshots, newest first. `before` is the `next` of the page before.
 * @throws ControlError FORBIDDEN, NOT_FOUND
 */
export async function listSnapshots(
  database: Database,
  actor: Actor,
  input: Address & { before?: string | undefined; limit?: number | undefined },
): Promise<{ items: SnapshotLine[]; next: string | null }> {
  const experiment = await openExperiment(database, actor, input);
  const limit = Math.min(input.limit ?? 50, 200);
  const last =
    input.before === undefined ? null : await findRun(database, experiment.id, input.before, { sequence: true });
  const before = last?.sequence ?? null;
  // Results are large: two values of each are read in the database.
  const rows = await database.$queryRaw<(SnapshotLine & { people: unknown })[]>`
    select id, "createdAt", "dataTo", engine, breakdown, result->'people' as people, result->'verdict'->>'code' as verdict
    from snapshot where "experimentId" = ${experiment.id} and (${before}::bigint is null or sequence < ${before}::bigint)
    order by sequence desc limit ${limit + 1}`;
  const items = rows.slice(0, limit).map((row) => ({
    ...row,
    people: typeof row.people === "number" ? row.people : null,
  }));
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}
