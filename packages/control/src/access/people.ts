import type { Action, Grant } from "@telltale/access";
import type { Transaction } from "@telltale/db";
import { toGrant, whereRoleAllows } from "./grants.ts";
import { toSubject } from "./read-access.ts";

/** A member of an organisation with their own grants and those of their teams. */
export interface PersonAccess {
  id: string;
  name: string;
  grants: Grant[];
}

/**
 * The members of an organisation with their grants, as `whoCan` takes them, in the order in which they joined. The cost
 * grows with the organisation: read it to explain a refusal or to draw a page, not for each change.
 * @param action only grants of roles that allow it, and only the people who have one
 */
export async function readPeople(tx: Transaction, organisationId: string, action?: Action): Promise<PersonAccess[]> {
  const some = action && { some: whereRoleAllows(action) };
  const members = await tx.member.findMany({
    where: { organisationId, ...(some && { OR: [{ grants: some }, { teams: { some: { team: { grants: some } } } }] }) },
    select: { userId: true, user: { select: { name: true } } },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
  });
  const people = new Map(
    members.map(({ userId, user }): [string, PersonAccess] => [userId, { id: userId, name: user.name, grants: [] }]),
  );
  const rows = await tx.grant.findMany({
    where: { organisationId, tokenId: null, ...(action && whereRoleAllows(action)) },
    include: { customRole: true, team: { include: { members: { select: { userId: true } } } } },
    orderBy: { id: "asc" },
  });
  for (const row of rows) {
    const subjects = row.team ? row.team.members.map(({ userId }) => userId) : [row.userId];
    for (const userId of subjects) {
      const person = people.get(userId ?? "");
      if (!person) continue;
      const { id, name } = person;
      person.grants.push(toGrant(row, row.team ? toSubject(row.team) : { kind: "person", id, name }));
    }
  }
  return [...people.values()];
}
