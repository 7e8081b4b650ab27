import { keySchema, NOTHING_CHANGED } from "@telltale/configuration";
import { type Model, newId } from "@telltale/db";
import { z } from "zod";
import { toGrant } from "../access/grants.ts";
import { scopeOf } from "../door/actor.ts";
import type { OrganisationChange } from "../door/change.ts";
import { defineOrganisationCommand } from "../door/command.ts";
import { ControlError, invalid, notFound } from "../door/error.ts";
import { lockMembers } from "../members/owners.ts";
import { requireOutranked } from "../members/set-role.ts";
import { inOrganisation, name, onlyKey } from "../shapes.ts";

export const createTeam = defineOrganisationCommand({
  name: "team.create",
  describe: "Creates a team without people.",
  input: inOrganisation.extend({ key: keySchema, name }),
  output: onlyKey,
  action: "team.manage",
  async apply({ tx, organisation, audit }, { organisation: address, key, name }) {
    const organisationId = organisation.id;
    if (await tx.team.findUnique({ where: { organisationId_key: { organisationId, key } } })) {
      throw new ControlError("EXISTS", `There is a team "${key}" already. Choose another key.`);
    }
    await tx.team.create({ data: { id: newId(), organisationId, key, name } });
    audit({ object: "team", objectKey: key, sentence: `Created "${name}".` });
    return { output: { key }, inverse: [{ name: "team.remove", input: { organisation: address, team: key } }] };
  },
});

const inTeam = inOrganisation.extend({ team: keySchema });

async function findTeam({ tx, organisation }: OrganisationChange, key: string) {
  const team = await tx.team.findUnique({
    where: { organisationId_key: { organisationId: organisation.id, key } },
    include: { members: { orderBy: { userId: "asc" } } },
  });
  if (!team) throw notFound("team", key);
  return team;
}

export const updateTeam = defineOrganisationCommand({
  name: "team.update",
  describe: "Renames a team, or says who is in it; people who are not named leave it.",
  input: inTeam.extend({ name: name.optional(), userIds: z.array(z.string().max(100)).max(10_000).optional() }),
  output: z.object({ sentence: z.string() }),
  action: "team.manage",
  async apply(change, input) {
    const { tx, organisation, audit } = change;
    const organisationId = organisation.id;
    await lockMembers(tx, organisationId);
    const team = await findTeam(change, input.team);
    const was = team.members.map(({ userId }) => userId);
    const now = input.userIds === undefined ? was : [...new Set(input.userIds)].sort();
    const [before, after] = [new Set(was), new Set(now)];
    const joining = now.filter((userId) => !before.has(userId));
    const leaving = was.filter((userId) => !after.has(userId));
    const parts: string[] = [];
    if (input.name !== undefined && input.name !== team.name) {
      parts.push(`Renamed from "${team.name}" to "${input.name}".`);
      await tx.team.update({ where: { id: team.id }, data: { name: input.name } });
    }
    if (joining.length + leaving.length > 0) parts.push(`${joining.length} joined, ${leaving.length} left.`);
    const sentence = parts.join(" ");
    if (sentence === "") return { output: { sentence: NOTHING_CHANGED }, inverse: [] };
    await requireMembers(change, joining);
    if (joining.length + leaving.length > 0) await requireTeamOutranked(change, team);
    await tx.teamMember.deleteMany({ where: { teamId: team.id, userId: { in: leaving } } });
    await tx.teamMember.createMany({ data: joining.map((userId) => ({ organisationId, teamId: team.id, userId })) });
    audit({ object: "team", objectKey: team.key, sentence, detail: { joined: joining, left: leaving } });
    const undo = { organisation: input.organisation, team: team.key, name: team.name, userIds: was };
    return { output: { sentence }, inverse: [{ name: "team.update", input: undo }] };
  },
});

/** @throws ControlError INVALID, naming who is nobody of the organisation */
async function requireMembers({ tx, organisation }: OrganisationChange, userIds: readonly string[]): Promise<void> {
  const found = await tx.member.findMany({ where: { organisationId: organisation.id, userId: { in: [...userIds] } } });
  const known = new Set(found.map(({ userId }) => userId));
  const unknown = userIds.filter((userId) => !known.has(userId));
  if (unknown.length > 0) throw invalid(unknown.map((userId) => `"${userId}" is nobody of the organisation.`));
}

/**
 * Whoever is in a team has its roles, and approves where a policy asks for the team: nobody gives, or takes, by it what
 * they may not do themselves, and who approves is said by those who may change the policy.
 * @throws ControlError FORBIDDEN
 */
async function requireTeamOutranked(change: OrganisationChange, { id, key, name }: Model.Team): Promise<void> {
  const rows = await change.tx.grant.findMany({ where: { teamId: id }, include: { customRole: true } });
  const subject = { kind: "team", id, name } as const;
  requireOutranked(
    change,
    rows.map((row) => toGrant(row, subject)),
  );
  for (const project of await findProjectsAsking(change, key)) {
    try {
      await change.standing.demand("policy.manage", scopeOf(project));
    } catch (error) {
      if (!(error instanceof ControlError)) throw error;
      const message = `A policy in ${project.name} asks "${name}" for approvals, so that its people are a part of it. ${error.message}`;
      throw new ControlError(error.code, message, error.detail);
    }
  }
}

/** Projects where a policy, of the project or of an environment, asks for approvals of a team. Archived ones can come back. */
async function findProjectsAsking({ tx, organisation }: OrganisationChange, team: string): Promise<Model.Project[]> {
  const variables = JSON.stringify({ team });
  const rows = await tx.$queryRaw<{ id: string }[]>`
    select p.id from project p
     where p."organisationId" = ${organisation.id}
       and (jsonb_path_exists(p.policy, '$.approvals[*].from[*] ? (@ == $team)', ${variables}::jsonb)
         or exists (select 1 from environment e where e."projectId" = p.id
              and jsonb_path_exists(e.policy, '$.approvals[*].from[*] ? (@ == $team)', ${variables}::jsonb)))`;
  return tx.project.findMany({ where: { id: { in: rows.map(({ id }) => id) } }, orderBy: { id: "asc" } });
}

export const removeTeam = defineOrganisationCommand({
  name: "team.remove",
  describe: "Removes a team with its roles; what it owned is owned by nobody then.",
  input: inTeam,
  output: onlyKey,
  action: "team.manage",
  isReversible: false,
  async apply(change, { team: key }) {
    const { tx, organisation, audit } = change;
    await lockMembers(tx, organisation.id);
    const team = await findTeam(change, key);
    await requireTeamOutranked(change, team);
    await tx.team.delete({ where: { id: team.id } });
    audit({ object: "team", objectKey: key, sentence: `Removed "${team.name}" with ${team.members.length} people.` });
    return { output: { key } };
  },
});
