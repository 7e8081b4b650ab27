import { keySchema } from "@telltale/configuration";
import { z } from "zod";
import { grantRole, type Recipient } from "../access/give-role.ts";
import { toGrant } from "../access/grants.ts";
import { grantPlace, namePlace, readPlace } from "../access/place.ts";
import type { OrganisationChange } from "../door/change.ts";
import { defineOrganisationCommand } from "../door/command.ts";
import { notFound } from "../door/error.ts";
import { keepOwner, lockMembers } from "../members/owners.ts";
import { requireOutranked } from "../members/set-role.ts";
import { inOrganisation } from "../shapes.ts";

const recipient = z.union([
  z.strictObject({ userId: z.string().max(100) }),
  z.strictObject({ team: keySchema }),
  z.strictObject({ tokenId: z.string().max(100) }),
]);

const given = inOrganisation.extend({ role: z.string().max(64), to: recipient, on: grantPlace.default({}) });
const output = z.object({ sentence: z.string() });

export const giveRole = defineOrganisationCommand({
  name: "role.give",
  describe: "Gives a role, in the whole organisation or a part of it, to a person, a team or a token.",
  input: given,
  output,
  action: "member.manage",
  async apply(change, input) {
    const { tx, organisation, standing, audit } = change;
    await lockMembers(tx, organisation.id);
    const to = await readRecipient(change, input.to);
    const scope = await readPlace(change, input.on);
    const isNew = await grantRole(tx, standing, to.id, { role: input.role, scope });
    const sentence = `${to.name}: Is ${input.role}${namePlace(input.on)} now.`;
    if (!isNew) return { output: { sentence }, inverse: [] };
    audit({ object: to.object, objectKey: to.key, sentence });
    return { output: { sentence }, inverse: [{ name: "role.take", input }] };
  },
});

export const takeRole = defineOrganisationCommand({
  name: "role.take",
  describe: "Takes a role, where it was given, from a person, a team or a token.",
  input: given,
  output,
  action: "member.manage",
  async apply(change, input) {
    const { tx, organisation, audit } = change;
    const organisationId = organisation.id;
    await lockMembers(tx, organisationId);
    const to = await readRecipient(change, input.to);
    const scope = await readPlace(change, input.on);
    const grants = await tx.grant.findMany({
      where: {
        organisationId,
        ...to.id,
        projectId: "projectId" in scope ? scope.projectId : null,
        environmentId: "environmentId" in scope ? scope.environmentId : null,
        OR: [{ role: input.role }, { customRole: { key: input.role } }],
      },
      include: { customRole: true },
    });
    if (grants.length === 0) throw notFound("role", `${input.role}${namePlace(input.on)}`);
    const subject = { kind: "person", id: "", name: to.name } as const;
    requireOutranked(
      change,
      grants.map((row) => toGrant(row, subject)),
    );
    const ids = grants.map(({ id }) => id);
    await keepOwner(tx, organisationId, () => tx.grant.deleteMany({ where: { id: { in: ids } } }));
    const sentence = `${to.name}: Is no longer ${input.role}${namePlace(input.on)}.`;
    audit({ object: to.object, objectKey: to.key, sentence });
    return { output: { sentence }, inverse: [{ name: "role.give", input }] };
  },
});

interface Found {
  id: Recipient;
  object: "member" | "team" | "token";
  key: string;
  name: string;
}

async function readRecipient(change: OrganisationChange, to: z.output<typeof recipient>): Promise<Found> {
  const { tx, organisation } = change;
  const organisationId = organisation.id;
  if ("userId" in to) {
    const { userId } = to;
    const where = { organisationId_userId: { organisationId, userId } };
    const member = await tx.member.findUnique({ where, include: { user: true } });
    if (!member) throw notFound("member", userId);
    return { id: { userId }, object: "member", key: userId, name: member.user.name };
  }
  if ("team" in to) {
    const team = await tx.team.findUnique({ where: { organisationId_key: { organisationId, key: to.team } } });
    if (!team) throw notFound("team", to.team);
    return { id: { teamId: team.id }, object: "team", key: team.key, name: team.name };
  }
  const token = await tx.token.findUnique({ where: { organisationId_id: { organisationId, id: to.tokenId } } });
  if (!token) throw notFound("token", to.tokenId);
  return { id: { tokenId: token.id }, object: "token", key: token.hint, name: token.name };
}
