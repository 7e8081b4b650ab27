import type { Action } from "@telltale/access";
import type { Database, Model, Transaction } from "@telltale/db";
import { type Actor, readStanding, type Standing, scopeOf } from "./actor.ts";
import { parseProjectAddress } from "./address.ts";
import { notFound } from "./error.ts";

/** A project with its organisation and its environments, left to right; archived ones are not among them. */
export type OpenedProject = Model.Project & { organisation: Model.Organisation; environments: Model.Environment[] };

/**
 * Opens a project for reading. What the actor has no place in does not exist for them.
 * @throws ControlError NOT_FOUND, FORBIDDEN
 */
export async function openProject(
  database: Database,
  actor: Actor,
  address: string,
  action: Action = "project.read",
): Promise<OpenedProject> {
  const { project, standing } = await enterProject(database, actor, address);
  await demandSomewhere(standing, action, project);
  return project;
}

/** Asks for an action in a project, where doing it in one of the environments is enough. @throws ControlError FORBIDDEN */
export async function demandSomewhere(standing: Standing, action: Action, project: OpenedProject): Promise<void> {
  const isInside = project.environments.some((environment) => standing.may(action, scopeOf(project, environment)));
  if (!isInside) await standing.demand(action, scopeOf(project));
}

/**
 * The project at an address, `organisation/project`, and what the actor may do in its organisation. The one place where
 * addresses of projects become projects. Another tenant's project and one that is archived are answered like one that
 * never was.
 * @throws ControlError NOT_FOUND, INVALID where the address has another form
 */
export async function enterProject(
  tx: Transaction,
  actor: Actor,
  address: string,
): Promise<{ project: OpenedProject; standing: Standing }> {
  const { organisation, project: key } = parseProjectAddress(address);
  const project = await tx.project.findFirst({
    where: { key, archivedAt: null, organisation: { key: organisation } },
    include: { organisation: true, environments: { where: { archivedAt: null }, orderBy: { position: "asc" } } },
  });
  const standing = project && (await readStanding(tx, actor, project.organisationId));
  if (!project || !standing) throw notFound("project", address);
  return { project, standing };
}

/**
 * Opens an organisation for reading.
 * @throws ControlError NOT_FOUND
 */
export async function openOrganisation(database: Database, actor: Actor, key: string): Promise<Model.Organisation> {
  return (await enterOrganisation(database, actor, key)).organisation;
}

/** The organisation and what the actor may do in it. @throws ControlError NOT_FOUND */
export async function enterOrganisation(
  tx: Transaction,
  actor: Actor,
  key: string,
): Promise<{ organisation: Model.Organisation; standing: Standing }> {
  const organisation = await tx.organisation.findUnique({ where: { key } });
  const standing = organisation && (await readStanding(tx, actor, organisation.id));
  if (!organisation || !standing) throw notFound("organisation", key);
  return { organisation, standing };
}
