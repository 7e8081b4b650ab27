import type { Model, Prisma, Transaction } from "@telltale/db";
import type { Actor } from "./actor.ts";
import { parseProjectAddress } from "./address.ts";
import { notFound } from "./error.ts";

/** A project with its environments from left to right; archived ones are not among them. */
export type OpenedProject = Model.Project & { organisation: Model.Organisation; environments: Model.Environment[] };

/** Which projects and organisations there are for an actor: those of others do not exist. */
function ofActor(actor: Actor): Prisma.OrganisationWhereInput {
  return actor.kind === "system" ? {} : { members: { some: { userId: actor.userId } } };
}

/**
 * The project at an address, `organisation/project`. The one place where addresses of projects become projects. Another
 * tenant's project and one that is archived are answered like one that never was.
 * @throws ControlError NOT_FOUND, INVALID where the address has another form
 */
export async function findProject(tx: Transaction, actor: Actor, address: string): Promise<OpenedProject> {
  const { organisation, project: key } = parseProjectAddress(address);
  const project = await tx.project.findFirst({
    where: { key, archivedAt: null, organisation: { key: organisation, ...ofActor(actor) } },
    include: { organisation: true, environments: { where: { archivedAt: null }, orderBy: { position: "asc" } } },
  });
  if (!project) throw notFound("project", address);
  return project;
}

/** The organisation of that key, if it is one of the actor's. @throws ControlError NOT_FOUND */
export async function findOrganisation(tx: Transaction, actor: Actor, key: string): Promise<Model.Organisation> {
  const organisation = await tx.organisation.findFirst({ where: { key, ...ofActor(actor) } });
  if (!organisation) throw notFound("organisation", key);
  return organisation;
}
