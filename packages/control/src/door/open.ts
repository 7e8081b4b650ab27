import type { Database, Model, Transaction } from "@telltale/db";
import { type Actor, authorise } from "./actor.ts";
import { notFound } from "./error.ts";

/**
 * Opens a project for reading.
 * @throws ControlError NOT_FOUND, FORBIDDEN
 */
export async function openProject(database: Database, actor: Actor, projectKey: string) {
  const project = await findProject(database, projectKey);
  await authorise(database, actor, project.organisationId, "read");
  return project;
}

/** The project with its environments, left to right. @throws ControlError NOT_FOUND */
export async function findProject(tx: Transaction, projectKey: string) {
  const project = await tx.project.findUnique({
    where: { key: projectKey },
    include: { organisation: true, environments: { orderBy: { position: "asc" } } },
  });
  if (!project) throw notFound("project", projectKey);
  return project;
}

/**
 * Opens an organisation for reading.
 * @throws ControlError NOT_FOUND, FORBIDDEN
 */
export async function openOrganisation(database: Database, actor: Actor, key: string): Promise<Model.Organisation> {
  const organisation = await findOrganisation(database, key);
  await authorise(database, actor, organisation.id, "read");
  return organisation;
}

/** @throws ControlError NOT_FOUND */
export async function findOrganisation(tx: Transaction, key: string): Promise<Model.Organisation> {
  const organisation = await tx.organisation.findUnique({ where: { key } });
  if (!organisation) throw notFound("organisation", key);
  return organisation;
}
