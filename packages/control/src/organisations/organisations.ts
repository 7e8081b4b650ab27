import type { Action } from "@telltale/access";
import { type Database, newId, type Transaction } from "@telltale/db";
import { setOrganisationRole } from "../access/give-role.ts";
import { type Actor, readStanding, type Standing } from "../door/actor.ts";
import { ControlError, notFound } from "../door/error.ts";
import { openProject } from "../door/open.ts";

/** The one organisation of this installation; made when there is none. Only the system may do this. */
export async function ensureOrganisation(database: Database, input: { key: string; name: string }) {
  return database.organisation.upsert({ where: { key: input.key }, update: {}, create: { id: newId(), ...input } });
}

/** Gives a person a role. @throws ControlError FORBIDDEN unless an owner or the system asks */
export async function setMember(
  database: Database,
  actor: Actor,
  input: { organisationId: string; userId: string; role: "owner" | "viewer" },
): Promise<void> {
  const { organisationId, userId, role } = input;
  await database.$transaction(async (tx) => {
    const { record } = await demand(tx, actor, organisationId, "member.manage");
    await tx.member.upsert({
      where: { organisationId_userId: { organisationId, userId } },
      update: { role },
      create: { id: newId(), organisationId, userId, role },
    });
    await setOrganisationRole(tx, record, { organisationId, userId, role });
  });
}

async function demand(tx: Transaction, actor: Actor, organisationId: string, action: Action): Promise<Standing> {
  const standing = await readStanding(tx, actor, organisationId);
  if (!standing) throw notFound("organisation", organisationId);
  await standing.demand(action, { kind: "organisation", organisationId });
  return standing;
}

export interface NewProject {
  organisationId: string;
  key: string;
  name: string;
  environments: { key: string; name: string; critical?: boolean }[];
}

/** Creates a project with its environments. */
export async function createProject(database: Database, actor: Actor, input: NewProject): Promise<{ key: string }> {
  return database.$transaction(async (tx) => {
    const { record } = await demand(tx, actor, input.organisationId, "project.create");
    if (await tx.project.findUnique({ where: { key: input.key } })) {
      throw new ControlError("EXISTS", `There is a project "${input.key}" already. Choose another key.`);
    }
    const project = await tx.project.create({
      data: {
        id: newId(),
        organisationId: input.organisationId,
        key: input.key,
        name: input.name,
        environments: { create: input.environments.map((item, position) => ({ ...item, id: newId(), position })) },
      },
    });
    const sentence = `Created with ${input.environments.map((item) => item.name).join(", ")}.`;
    const audit = { projectId: project.id, object: "project", objectKey: input.key, action: "create", sentence };
    await tx.auditEvent.create({ data: { ...audit, actor: { ...record }, detail: {} } });
    return { key: input.key };
  });
}

/** A project with its environments. */
export async function getProject(database: Database, actor: Actor, input: { project: string }) {
  const { key, name, environments } = await openProject(database, actor, input.project);
  return {
    ...{ key, name },
    environments: environments.map((row) => ({
      ...{ key: row.key, name: row.name, critical: row.critical, position: row.position },
      // The release before counted in the other.
      version: Math.max(row.publishedVersion, row.rulesetVersion),
    })),
  };
}

/** Who a signed-in user is here; null when not a member of anything. */
export async function getMembership(database: Database, userId: string) {
  const member = await database.member.findFirst({
    where: { userId },
    include: { user: true, organisation: { include: { projects: { orderBy: { createdAt: "asc" } } } } },
  });
  if (!member) return null;
  const { user, organisation, role } = member;
  return {
    user: { id: user.id, name: user.name, email: user.email },
    role,
    organisation: { key: organisation.key, name: organisation.name },
    projects: organisation.projects.map(({ key, name }) => ({ key, name })),
  };
}
