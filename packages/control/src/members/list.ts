import type { Database } from "@telltale/db";
import type { Actor } from "../door/actor.ts";
import { enterOrganisation } from "../door/open.ts";

/** The people of an organisation, its teams and its own roles, with who is given what where. @throws ControlError NOT_FOUND */
export async function listMembers(database: Database, actor: Actor, input: { organisation: string }) {
  const { organisation } = await enterOrganisation(database, actor, input.organisation);
  const organisationId = organisation.id;
  const grants = {
    where: { organisationId },
    include: { customRole: true, project: true, environment: true },
    orderBy: { id: "asc" },
  } as const;
  const members = await database.member.findMany({
    where: { organisationId },
    include: { user: { select: { name: true, email: true } }, grants },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
  });
  const teams = await database.team.findMany({
    where: { organisationId },
    include: { members: { orderBy: { userId: "asc" } }, grants },
    orderBy: { key: "asc" },
  });
  const roles = await database.customRole.findMany({ where: { organisationId }, orderBy: { key: "asc" } });
  return {
    members: members.map(({ userId, user, createdAt, grants: rows }) => {
      return { userId, ...user, createdAt, roles: rows.map(describeGrant) };
    }),
    teams: teams.map(({ key, name, members: people, grants: rows }) => {
      return { key, name, userIds: people.map(({ userId }) => userId), roles: rows.map(describeGrant) };
    }),
    roles: roles.map(({ key, name, actions }) => ({ key, name, actions })),
  };
}

interface GrantWithPlace {
  role: string | null;
  customRole: { key: string } | null;
  project: { key: string } | null;
  environment: { key: string } | null;
}

/** A role with where it holds; null: in all of what is around. */
function describeGrant({ role, customRole, project, environment }: GrantWithPlace) {
  const key = customRole?.key ?? role ?? "";
  return { role: key, project: project?.key ?? null, environment: environment?.key ?? null };
}
