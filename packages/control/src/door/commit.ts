import { type Database, isTaken, type Model, type Prisma, type Transaction } from "@telltale/db";
import { publish } from "@telltale/ruleset";
import { type Actor, type ActorRecord, authorise } from "./actor.ts";
import { notFound, taken } from "./error.ts";
import { findProject, type OpenedProject } from "./project.ts";

/** One line of the audit trail. */
export interface AuditEntry {
  object: "flag" | "segment" | "experiment" | "metric" | "layer" | "holdout" | "sdk-key" | "environment" | "project";
  objectKey: string;
  environment?: string;
  action: string;
  sentence: string;
  comment?: string;
  detail?: Prisma.InputJsonValue;
}

/** What a change may use while the door is open. */
export interface Change {
  tx: Transaction;
  project: OpenedProject;
  actor: ActorRecord;
  /** Writes the audit line; every change has at least one. */
  audit(entry: AuditEntry): void;
  /** Marks an environment as changed: its rulesets are compiled and published when the change is done. */
  touch(environmentId: string): void;
}

/**
 * The one door: every change to flags, segments, experiments and keys is one call of this, whoever asks, with the
 * address of its project.
 * In one transaction: permission, then the change itself (validation, expected revision, new revision), then the
 * audit trail, then compile and publish for each environment touched. Any error leaves nothing behind.
 * @throws ControlError
 */
export async function commit<T>(
  database: Database,
  actor: Actor,
  address: string,
  run: (change: Change) => Promise<T>,
): Promise<T> {
  const done = database.$transaction(
    async (tx) => {
      const project = await findProject(tx, actor, address);
      const record = await authorise(tx, actor, project.organisationId, "change");
      const entries: AuditEntry[] = [];
      const touched = new Set<string>();
      const result = await run({
        tx,
        project,
        actor: record,
        audit: (entry) => entries.push(entry),
        touch: (environmentId) => touched.add(environmentId),
      });
      if (entries.length > 0)
        await tx.auditEvent.createMany({ data: entries.map((entry) => row(project, record, entry)) });
      // Always in the same order, so that two changes that touch the same environments cannot deadlock.
      for (const environmentId of [...touched].sort()) await publish(tx, environmentId);
      return result;
    },
    { maxWait: 10_000, timeout: 30_000 },
  );
  return done.catch((error: unknown) => {
    throw isTaken(error) ? taken() : error;
  });
}

function row(project: Model.Project, actor: ActorRecord, entry: AuditEntry): Prisma.AuditEventCreateManyInput {
  return {
    projectId: project.id,
    object: entry.object,
    objectKey: entry.objectKey,
    environment: entry.environment ?? null,
    action: entry.action,
    sentence: entry.sentence,
    comment: entry.comment ?? "",
    actor: { ...actor },
    detail: entry.detail ?? {},
  };
}

/**
 * Opens the project at an address, `organisation/project`, for reading.
 * @throws ControlError NOT_FOUND, INVALID
 */
export async function openProject(database: Database, actor: Actor, address: string): Promise<OpenedProject> {
  const project = await findProject(database, actor, address);
  await authorise(database, actor, project.organisationId, "read");
  return project;
}

/**
 * Makes changes of any environment of the project wait until this one is done: who adds a prerequisite or starts an
 * experiment meanwhile is checked against what is decided here.
 */
export async function lockEnvironments({ tx, project }: Pick<Change, "tx" | "project">): Promise<void> {
  await tx.$queryRaw`select 1 from environment where "projectId" = ${project.id} order by id for update`;
}

/** The environment of that key. @throws ControlError NOT_FOUND */
export function environmentOf(project: { environments: Model.Environment[] }, key: string): Model.Environment {
  const environment = project.environments.find((candidate) => candidate.key === key);
  if (!environment) throw notFound("environment", key);
  return environment;
}
