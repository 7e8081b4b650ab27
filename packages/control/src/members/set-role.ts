import { findBuiltInRole, findUngrantable } from "@telltale/access";
import { newId } from "@telltale/db";
import { z } from "zod";
import { setOrganisationRole } from "../access/give-role.ts";
import { toGrant } from "../access/grants.ts";
import type { OrganisationChange } from "../door/change.ts";
import { defineOrganisationCommand } from "../door/command.ts";
import { ControlError, notFound } from "../door/error.ts";
import { inOrganisation } from "../shapes.ts";
import { keepOwner, lockMembers } from "./owners.ts";

/** A person, by the id of their account. */
export const inMember = inOrganisation.extend({ userId: z.string().min(1).max(100) });

export const setMemberRole = defineOrganisationCommand({
  name: "member.setRole",
  describe: "Gives a member another built-in role on the whole organisation; the product itself adds people by it.",
  input: inMember.extend({ role: z.string().max(64) }),
  output: z.object({ sentence: z.string() }),
  action: "member.manage",
  async apply(change, { organisation: key, userId, role }) {
    const { tx, organisation, actor, audit } = change;
    const found = findBuiltInRole(role);
    if (!found) throw notFound("role", role);
    const organisationId = organisation.id;
    await lockMembers(tx, organisationId);
    const before = await readOrganisationRoles(change, userId);
    const user = await tx.user.findUnique({ where: { id: userId } });
    // Accounts are of the whole installation: who is not of this organisation is answered like nobody.
    if (!user || !(before.isMember || actor.kind === "system")) throw notFound("member", userId);
    const scope = { kind: "organisation", organisationId } as const;
    requireOutranked(change, [...before.grants, { actions: found.actions, scope }]);
    // The column is for processes of the release before.
    const column = role === "owner" ? "owner" : "viewer";
    await keepOwner(tx, organisationId, async () => {
      await tx.member.upsert({
        where: { organisationId_userId: { organisationId, userId } },
        update: { role: column },
        create: { id: newId(), organisationId, userId, role: column },
      });
      await setOrganisationRole(tx, actor, { organisationId, userId, role });
    });
    const sentence = before.isMember ? `Is ${found.name} now.` : `Added as ${found.name}.`;
    const detail = { name: user.name, before: before.roles, after: [role] };
    audit({ object: "member", objectKey: userId, sentence: `${user.name}: ${sentence}`, detail });
    return { output: { sentence }, inverse: inverseOf(key, userId, before) };
  },
});

interface Before {
  isMember: boolean;
  /** Built-in roles on the whole organisation. */
  roles: string[];
  grants: ReturnType<typeof toGrant>[];
}

async function readOrganisationRoles({ tx, organisation }: OrganisationChange, userId: string): Promise<Before> {
  const organisationId = organisation.id;
  const isMember = (await tx.member.count({ where: { organisationId, userId } })) > 0;
  const rows = await tx.grant.findMany({
    where: { organisationId, userId, projectId: null },
    include: { customRole: true },
    orderBy: { id: "asc" },
  });
  const subject = { kind: "person", id: userId, name: "" } as const;
  const roles = rows.flatMap((row) => row.role ?? []);
  return { isMember, roles, grants: rows.map((row) => toGrant(row, subject)) };
}

function inverseOf(organisation: string, userId: string, before: Before) {
  if (!before.isMember) return [{ name: "member.remove", input: { organisation, userId } }];
  const [role, ...more] = before.roles;
  return role === undefined || more.length > 0
    ? null
    : [{ name: "member.setRole", input: { organisation, userId, role } }];
}

/**
 * Nobody gives what they do not have, and nobody takes it from who has more than they: an admin makes no owners and
 * unmakes none.
 * @throws ControlError FORBIDDEN
 */
export function requireOutranked(
  { standing }: Pick<OrganisationChange, "standing">,
  grants: readonly Pick<ReturnType<typeof toGrant>, "actions" | "scope">[],
): void {
  // The product's own processes are named in the code, and each has `member.manage` or not.
  if (standing.record.kind === "system") return;
  for (const grant of grants) {
    const [missing] = findUngrantable(standing.grants, grant);
    if (!missing) continue;
    const sentence = `That role allows ${missing}, which you may not do yourself.`;
    throw new ControlError("FORBIDDEN", `${sentence} Ask an owner.`, { missing });
  }
}
