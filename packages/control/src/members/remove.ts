import { z } from "zod";
import { toGrant } from "../access/grants.ts";
import { defineOrganisationCommand } from "../door/command.ts";
import { notFound } from "../door/error.ts";
import { requireOwner } from "./owners.ts";
import { inMember, requireOutranked } from "./set-role.ts";

export const removeMember = defineOrganisationCommand({
  name: "member.remove",
  describe: "Removes a person from an organisation, with their roles, teams and personal tokens.",
  input: inMember,
  output: z.object({ sentence: z.string() }),
  action: "member.manage",
  isReversible: false,
  async apply(change, { userId }) {
    const { tx, organisation, audit } = change;
    const organisationId = organisation.id;
    const member = await tx.member.findUnique({
      where: { organisationId_userId: { organisationId, userId } },
      include: { user: true, grants: { include: { customRole: true } } },
    });
    if (!member) throw notFound("member", userId);
    const { name } = member.user;
    const subject = { kind: "person", id: userId, name } as const;
    requireOutranked(
      change,
      member.grants.map((row) => toGrant(row, subject)),
    );
    await tx.token.updateMany({ where: { organisationId, userId, revokedAt: null }, data: { revokedAt: new Date() } });
    await tx.member.delete({ where: { id: member.id } });
    if (member.grants.some((grant) => grant.role === "owner")) await requireOwner(tx, organisationId);
    const detail = { name, roles: member.grants.map((row) => row.customRole?.key ?? row.role) };
    audit({ object: "member", objectKey: userId, sentence: `${name}: Removed.`, detail });
    return { output: { sentence: "Removed." } };
  },
});
