import { type Database, newId } from "@telltale/db";
import { z } from "zod";
import { type Actor, actorName, authorise } from "../door/actor.ts";
import { invalid, notFound } from "../door/error.ts";

/** Somebody's wish for a run now, and what came of it. */
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

/**
 * Asks for a run now. Whoever may read may ask: it changes nothing. Who asks for what somebody has asked for already
 * gets that request.
 * @throws ControlError FORBIDDEN, NOT_FOUND, INVALID
 */
export function requestAnalysis(database: Database, actor: Actor, input: NewRequest): Promise<{ request: string }> {
  return database.$transaction(async (tx) => {
    const project = await tx.project.findUnique({ where: { key: input.project } });
    if (!project) throw notFound("project", input.project);
    const requestedBy = await authorise(tx, actor, project.organisationId, "read");
    const experiment = await tx.experiment.findUnique({
      where: { projectId_key: { projectId: project.id, key: input.experiment } },
    });
    if (!experiment) throw notFound("experiment", input.experiment);
    if (experiment.status === "draft") {
      throw invalid(["The experiment has not started, so there is nothing to analyse. Start it first."]);
    }
    const breakdown = readBreakdown(input.breakdown);
    // Two who ask at once wait for one another here, and get one request.
    await tx.$queryRaw`select 1 from experiment where id = ${experiment.id} for no key update`;
    const open = await tx.analysisRequest.findFirst({
      where: { experimentId: experiment.id, breakdown, finishedAt: null },
    });
    if (open) return { request: open.id };
    const id = newId();
    await tx.analysisRequest.create({
      data: { id, experimentId: experiment.id, breakdown, requestedBy: { ...requestedBy } },
    });
    return { request: id };
  });
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

/** What came of a request. @throws ControlError FORBIDDEN, NOT_FOUND */
export async function getRequest(
  database: Database,
  actor: Actor,
  input: { project: string; experiment: string; request: string },
): Promise<AnalysisRequest> {
  const row = await database.analysisRequest.findUnique({
    where: { id: input.request, experiment: { key: input.experiment, project: { key: input.project } } },
    include: { experiment: { include: { project: true } } },
  });
  const project = row?.experiment.project ?? (await database.project.findUnique({ where: { key: input.project } }));
  if (!project) throw notFound("project", input.project);
  await authorise(database, actor, project.organisationId, "read");
  if (!row) throw notFound("request", input.request);
  return describeRequest(row);
}

/**
 * Takes a request to answer it; one that a worker took and never finished is taken again.
 * @returns whether there was still something to answer
 */
export async function takeRequest(database: Database, { id, at }: { id: string; at: Date }): Promise<boolean> {
  const { count } = await database.analysisRequest.updateMany({
    where: { id, finishedAt: null },
    data: { startedAt: at },
  });
  return count === 1;
}

export interface FinishedRequest {
  id: string;
  at: Date;
  /** The snapshot that answers it, or a sentence that says why there is none and what to do. */
  outcome: { snapshot: string } | { problem: string };
}

/** Closes a request. Once closed it stays as it is. */
export async function finishRequest(database: Database, { id, at, outcome }: FinishedRequest): Promise<void> {
  await database.analysisRequest.updateMany({
    where: { id, finishedAt: null },
    data: {
      finishedAt: at,
      ...("snapshot" in outcome ? { snapshotId: outcome.snapshot } : { problem: outcome.problem }),
    },
  });
}
