import { type Database, isTaken, type Model, type Transaction } from "@telltale/db";
import { type Actor, type ActorRecord, authorise, type Permission } from "./actor.ts";
import { taken } from "./error.ts";
import { findOrganisation } from "./project.ts";

/** What a change of an organisation may use while the door is open. */
export interface OrganisationChange {
  tx: Transaction;
  organisation: Model.Organisation;
  actor: ActorRecord;
  /** Writes the line into the audit trail of every project: it holds for all of them. */
  audit(entry: { action: string; sentence: string }): Promise<void>;
}

/**
 * The door for what holds for all projects of an organisation: permission, the change and the audit trail in one
 * transaction, as `commit` does for a project.
 * @throws ControlError
 */
export async function commitOrganisation<T>(
  database: Database,
  actor: Actor,
  key: string,
  run: (change: OrganisationChange) => Promise<T>,
): Promise<T> {
  const done = database.$transaction(
    async (tx) => {
      const { organisation, record } = await open(tx, actor, key, "change");
      const audit = async (entry: { action: string; sentence: string }) => {
        const projects = await tx.project.findMany({
          where: { organisationId: organisation.id },
          select: { id: true },
        });
        const line = {
          object: "organisation",
          objectKey: organisation.key,
          ...entry,
          actor: { ...record },
          detail: {},
        };
        await tx.auditEvent.createMany({ data: projects.map(({ id: projectId }) => ({ projectId, ...line })) });
      };
      return run({ tx, organisation, actor: record, audit });
    },
    { maxWait: 10_000, timeout: 30_000 },
  );
  return done.catch((error: unknown) => {
    throw isTaken(error) ? taken() : error;
  });
}

/**
 * Opens an organisation for reading.
 * @throws ControlError NOT_FOUND, FORBIDDEN
 */
export async function openOrganisation(database: Database, actor: Actor, key: string): Promise<Model.Organisation> {
  return (await open(database, actor, key, "read")).organisation;
}

async function open(tx: Transaction, actor: Actor, key: string, permission: Permission) {
  const organisation = await findOrganisation(tx, actor, key);
  return { organisation, record: await authorise(tx, actor, organisation.id, permission) };
}
