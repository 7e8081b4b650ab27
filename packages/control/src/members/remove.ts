import { z } from "zod";
import { readAccess } from "../access/read-access.ts";
import { defineOrganisationCommand } from "../door/command.ts";
import { notFound } from "../door/error.ts";
import { keepOwner, lockMembers } from "./owners.ts";
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
    await lockMembers(tx, organisationId);
    const where = { organisationId_userId: { organisationId, userId } };
    const member = await tx.member.findUnique({ where, include: { user: true } });
    const access = await readAccess(tx, { kind: "user", userId }, organisationId);
    if (!member || !access) throw notFound("member", userId);
    const { name } = member.user;
    // What they have through teams, too.
    requireOutranked(change, access.grants);
    await keepOwner(tx, organisationId, async () => {
      const open = { organisationId, userId, revokedAt: null };
      await tx.token.updateMany({ where: open, data: { revokedAt: new Date() } });
      await tx.member.delete({ where: { id: member.id } });
    });
    const detail = { name, roles: access.grants.map(({ via }) => via.role) };
    audit({ object: "member", objectKey: userId, sentence: `${name}: Removed.`, detail });
    return { output: { sentence: "Removed." } };
  },
});
