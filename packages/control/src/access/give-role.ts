import { type Action, findBuiltInRole, findUngrantable, readActions, type Scope } from "@telltale/access";
import { newId, type Transaction } from "@telltale/db";
import { ControlError, notFound } from "../door/error.ts";
import type { ActorRecord } from "./actor.ts";
import type { Access } from "./read-access.ts";

/** A role to give, by its key, built-in or the organisation's own; and where it is to hold. */
export interface RoleOnScope {
  role: string;
  scope: Scope;
}

/** Who is given a role. */
export type Recipient = { userId: string } | { teamId: string } | { tokenId: string };

/**
 * Gives a role on a scope to a person, a team or a token; once given, giving it again changes nothing. That the giver
 * may give roles at all is checked by the caller.
 * @returns whether they did not have it there before
 * @throws ControlError NOT_FOUND; FORBIDDEN for a role that can do more there than the giver
 */
export async function grantRole(tx: Transaction, by: Access, to: Recipient, given: RoleOnScope): Promise<boolean> {
  const role = await findRole(tx, given);
  const [missing] = findUngrantable(by.grants, { actions: role.actions, scope: given.scope });
  if (missing) {
    const sentence = `You cannot give the role ${role.name} there: it allows ${missing}, which you may not do yourself.`;
    throw new ControlError("FORBIDDEN", `${sentence} Ask an owner, or give a smaller role.`, { missing });
  }
  return storeGrant(tx, by.record, to, { scope: given.scope, reference: role.reference });
}

/**
 * Lets a personal token use what its person may do, as far as a role on a scope holds it. Nothing is given away, so the
 * role may be larger than what the person has.
 * @throws ControlError NOT_FOUND
 */
export async function limitToken(tx: Transaction, by: ActorRecord, tokenId: string, limit: RoleOnScope): Promise<void> {
  const { reference } = await findRole(tx, limit);
  await storeGrant(tx, by, { tokenId }, { scope: limit.scope, reference });
}

type RoleReference = { role: string } | { customRoleId: string };

interface FoundRole {
  name: string;
  actions: readonly Action[];
  reference: RoleReference;
}

async function findRole(tx: Transaction, { role: key, scope }: RoleOnScope): Promise<FoundRole> {
  const builtIn = findBuiltInRole(key);
  if (builtIn) return { name: builtIn.name, actions: builtIn.actions, reference: { role: key } };
  const { organisationId } = scope;
  const custom = await tx.customRole.findUnique({ where: { organisationId_key: { organisationId, key } } });
  if (!custom) throw notFound("role", key);
  return { name: custom.name, actions: readActions(custom.actions), reference: { customRoleId: custom.id } };
}

async function storeGrant(
  tx: Transaction,
  by: ActorRecord,
  to: Recipient,
  { scope, reference }: { scope: Scope; reference: RoleReference },
): Promise<boolean> {
  const { organisationId } = scope;
  await requireRecipient(tx, organisationId, to);
  const place = await requirePlace(tx, scope);
  const row = { id: newId(), organisationId, ...to, ...reference, ...place, createdBy: { ...by } };
  const { count } = await tx.grant.createMany({ data: [row], skipDuplicates: true });
  return count > 0;
}

/** Other organisations' people, teams and tokens do not exist here. */
async function requireRecipient(tx: Transaction, organisationId: string, to: Recipient): Promise<void> {
  if ("userId" in to) {
    const { userId } = to;
    const count = await tx.member.count({ where: { organisationId, userId } });
    if (count === 0) throw notFound("member", userId);
  } else if ("teamId" in to) {
    const count = await tx.team.count({ where: { organisationId, id: to.teamId } });
    if (count === 0) throw notFound("team", to.teamId);
  } else {
    const count = await tx.token.count({ where: { organisationId, id: to.tokenId } });
    if (count === 0) throw notFound("token", to.tokenId);
  }
}

async function requirePlace(tx: Transaction, scope: Scope): Promise<{ projectId?: string; environmentId?: string }> {
  if (scope.kind === "organisation") return {};
  const { organisationId, projectId } = scope;
  const project = await tx.project.count({ where: { id: projectId, organisationId } });
  if (project === 0) throw notFound("project", projectId);
  if (scope.kind === "project") return { projectId };
  const { environmentId } = scope;
  const environment = await tx.environment.count({ where: { id: environmentId, projectId } });
  if (environment === 0) throw notFound("environment", environmentId);
  return { projectId, environmentId };
}

/**
 * Makes a built-in role the one that a member has on the whole organisation. What they have elsewhere, through teams, or
 * by the organisation's own roles, stays.
 */
export async function setOrganisationRole(
  tx: Transaction,
  by: ActorRecord,
  { organisationId, userId, role }: { organisationId: string; userId: string; role: string },
): Promise<void> {
  await tx.grant.deleteMany({ where: { organisationId, userId, projectId: null, role: { notIn: [role] } } });
  const scope = { kind: "organisation", organisationId } as const;
  await storeGrant(tx, by, { userId }, { scope, reference: { role } });
}
