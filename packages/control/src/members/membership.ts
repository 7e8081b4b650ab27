import { allowedActions, BUILT_IN_ROLES, type Grant } from "@telltale/access";
import type { Database, Model } from "@telltale/db";
import { readAccess } from "../access/read-access.ts";
import { scopeOf } from "../door/actor.ts";
import { writeProjectAddress } from "../door/address.ts";

/** Who a signed-in user is, and of which organisations and projects; null where nobody has that id. */
export async function getMembership(database: Database, userId: string) {
  const user = await database.user.findUnique({
    where: { id: userId },
    select: { id: true, name: true, email: true },
  });
  if (!user) return null;
  const members = await database.member.findMany({
    where: { userId },
    orderBy: { organisation: { name: "asc" } },
    include: {
      organisation: {
        include: {
          projects: {
            where: { archivedAt: null },
            orderBy: [{ position: "asc" }, { createdAt: "asc" }],
            include: { environments: { where: { archivedAt: null }, orderBy: { position: "asc" } } },
          },
        },
      },
    },
  });
  const organisations = members.map(async ({ organisation }) => {
    const access = await readAccess(database, { kind: "user", userId }, organisation.id);
    const grants = access?.grants ?? [];
    const { key, name } = organisation;
    const projects = organisation.projects.map((project) => describePlace(grants, key, project));
    return { key, name, role: nameRole(grants), projects: projects.filter((project) => isReadable(project)) };
  });
  return { user, organisations: await Promise.all(organisations) };
}

type ProjectRow = Model.Project & { environments: Model.Environment[] };

/** A project, and what somebody with these grants may do in it and in each of its environments. */
function describePlace(grants: readonly Grant[], organisation: string, project: ProjectRow) {
  const { key, name } = project;
  return {
    address: writeProjectAddress({ organisation, project: key }),
    key,
    name,
    actions: allowedActions(grants, scopeOf(project)),
    environments: project.environments.map((environment) => ({
      key: environment.key,
      actions: allowedActions(grants, scopeOf(project, environment)),
    })),
  };
}

/** Who may look at one environment may look at its project. */
function isReadable({ actions, environments }: ReturnType<typeof describePlace>): boolean {
  return [{ actions }, ...environments].some((place) => place.actions.includes("project.read"));
}

/** The built-in role that may do most on the whole organisation; null where there is none. */
function nameRole(grants: readonly Grant[]): string | null {
  const own = grants.filter(({ scope }) => scope.kind === "organisation").map(({ via }) => via.role);
  return BUILT_IN_ROLES.find(({ key }) => own.includes(key))?.name ?? null;
}
