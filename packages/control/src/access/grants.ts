import { type Action, BUILT_IN_ROLES, findBuiltInRole, type Grant, type Grantee, readActions } from "@telltale/access";
import type { Model, Prisma } from "@telltale/db";

/** A grant with the role that it gives. */
export type GrantRow = Model.Grant & { customRole: Model.CustomRole | null };

/** A stored grant as `decide` takes it. A role that this release does not know allows nothing. */
export function toGrant(row: GrantRow, subject: Grantee): Grant {
  const { customRole, role } = row;
  const actions = customRole ? readActions(customRole.actions) : (findBuiltInRole(role ?? "")?.actions ?? []);
  return { actions, scope: readScope(row), via: { role: customRole?.key ?? role ?? "", subject } };
}

function readScope({ organisationId, projectId, environmentId }: Model.Grant): Grant["scope"] {
  if (projectId === null) return { kind: "organisation", organisationId };
  if (environmentId === null) return { kind: "project", organisationId, projectId };
  return { kind: "environment", organisationId, projectId, environmentId };
}

/** Finds the grants of roles that allow an action. */
export function whereRoleAllows(action: Action): Prisma.GrantWhereInput {
  const builtIn = BUILT_IN_ROLES.filter((role) => (role.actions as readonly Action[]).includes(action));
  return { OR: [{ role: { in: builtIn.map(({ key }) => key) } }, { customRole: { actions: { has: action } } }] };
}
