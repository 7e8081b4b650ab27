import { type Database, isContended, newId, type Transaction } from "@telltale/db";
import { z } from "zod";
import { type Actor, actorName } from "../door/actor.ts";
import { busy, ControlError, invalid, notFound } from "../door/error.ts";
import { demandSomewhere, enterProject, openProject } from "../door/open.ts";

/** Somebody's wish for a run now, and its outcome. */
export interface AnalysisRequest {
  id: string;
  breakdown: string | null;
  requestedBy: string;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  /** The snapshot that answers it. */
  snapshot: string | null;
  /** Why there is none, for people. */
  problem: string | null;
}

const attribute = z
  .string()
  .trim()
  .min(1, "Name an attribute.")
  .max(100, "An attribute's name has at most 100 letters.");

export interface NewRequest {
  project: string;
  experiment: string;
  /** An attribute of exposures; the answer is by its values. */
  breakdown?: string | null | undefined;
}

/** Runs that one person may wait for at once, over all experiments: enough for a page, too few to keep others waiting. */
export const OPEN_REQUESTS_MAX = 5;

/**
 * Asks for a run now. Whoever may read may ask: it changes nothing. Who asks for what somebody has asked for already
 * gets that request.
 * @throws ControlError FORBIDDEN, NOT_FOUND, INVALID, TOO_MANY, BUSY
 */
export function requestAnalysis(database: Database, actor: Actor, input: NewRequest): Promise<{ request: string }> {
  const ask = async (tx: Transaction) => {
    const { project, standing } = await enterProject(tx, actor, input.project);
    await demandSomewhere(standing, "project.read", project);
    const requestedBy = standing.record;
    const person = requestedBy.userId ?? requestedBy.id;
    const experiment = await tx.experiment.findUnique({
      where: { projectId_key: { projectId: project.id, key: input.experiment } },
    });
    if (!experiment) throw notFound("experiment", input.experiment);
    if (experiment.status === "draft") {
      throw invalid(["The experiment has not started, so there is nothing to analyse. Start it first."]);
    }
    const breakdown = readBreakdown(input.breakdown);
    // One person's requests wait for one another here, so that they are counted one by one; then those of an experiment,
    // of which two who ask at once get one.
    if (person !== null) await tx.$queryRaw`select 1 from "user" where id = ${person} for no key update`;
    await tx.$queryRaw`select 1 from experiment where id = ${experiment.id} for no key update`;
    const open = await tx.analysisRequest.findFirst({
      where: { experimentId: experiment.id, breakdown, finishedAt: null },
    });
    if (open) return { request: open.id };
    await checkShare(tx, person);
    const id = newId();
    await tx.analysisRequest.create({
      data: { id, experimentId: experiment.id, breakdown, requestedBy: { ...requestedBy } },
    });
    return { request: id };
  };
  // Many who ask at once wait for one another rather than fail.
  return database.$transaction(ask, { maxWait: 10_000, timeout: 30_000 }).catch((error: unknown) => {
    throw isContended(error) ? busy() : error;
  });
}

/** Nobody's requests may fill the queue that everybody's go through. @throws ControlError TOO_MANY */
async function checkShare(tx: Transaction, person: string | null): Promise<void> {
  if (person === null) return;
  // A person and their tokens are one.
  const mine = ["userId", "id"].map((name) => ({ requestedBy: { path: [name], equals: person } }));
  const open = await tx.analysisRequest.count({ where: { finishedAt: null, OR: mine } });
  if (open < OPEN_REQUESTS_MAX) return;
  throw new ControlError(
    "TOO_MANY",
    `You wait for ${open} analyses already, and one person may wait for ${OPEN_REQUESTS_MAX} at once. Ask again when one of them is done.`,
  );
}

function readBreakdown(breakdown: string | null | undefined): string | null {
  if (breakdown === undefined || breakdown === null) return null;
  const read = attribute.safeParse(breakdown);
  if (read.success) return read.data;
  throw invalid(read.error.issues.map(({ message }) => message));
}

/** How a request is stored. */
interface RequestRow extends Omit<AnalysisRequest, "requestedBy" | "snapshot"> {
  requestedBy: unknown;
  snapshotId: string | null;
}

/** A request for reading. */
export function describeRequest(row: RequestRow): AnalysisRequest {
  const { id, breakdown, createdAt, startedAt, finishedAt, snapshotId: snapshot, problem } = row;
  return {
    id,
    breakdown,
    requestedBy: actorName(row.requestedBy),
    createdAt,
    startedAt,
    finishedAt,
    snapshot,
    problem,
  };
}

/** The outcome of a request. @throws ControlError FORBIDDEN, NOT_FOUND */
export async function getRequest(
  database: Database,
  actor: Actor,
  input: { project: string; experiment: string; request: string },
): Promise<AnalysisRequest> {
  const { id: projectId } = await openProject(database, actor, input.project);
  const row = await database.analysisRequest.findUnique({
    where: { id: input.request, experiment: { key: input.experiment, projectId } },
  });
  if (!row) throw notFound("request", input.request);
  return describeRequest(row);
}

/**
 * Takes what is asked of an experiment by a breakdown, to answer it; what a worker took and never finished is taken again.
 * @returns ids of the requests: none where there is nothing to answer any more
 */
export async function takeRequests(
  database: Database,
  { experimentId, breakdown, at }: { experimentId: string; breakdown: string | null; at: Date },
): Promise<string[]> {
  const rows = await database.analysisRequest.updateManyAndReturn({
    where: { experimentId, breakdown, finishedAt: null },
    data: { startedAt: at },
    select: { id: true },
  });
  return rows.map(({ id }) => id);
}

export interface FinishedRequests {
  ids: string[];
  at: Date;
  /** The snapshot that answers it, or a sentence that says why there is none and what to do. */
  outcome: { snapshot: string } | { problem: string };
}

/** Closes requests. Once closed they stay as they are. */
export async function finishRequests(database: Database, { ids, at, outcome }: FinishedRequests): Promise<void> {
  if (ids.length === 0) return;
  await database.analysisRequest.updateMany({
    where: { id: { in: ids }, finishedAt: null },
    data: {
      finishedAt: at,
      ...("snapshot" in outcome ? { snapshotId: outcome.snapshot } : { problem: outcome.problem }),
    },
  });
}
