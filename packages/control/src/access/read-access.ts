import { ACTIONS_OF_AGENTS, type Grant, type Grantee, narrow } from "@telltale/access";
import type { Model, Transaction } from "@telltale/db";
import { ControlError } from "../door/error.ts";
import type { Actor, ActorRecord, AgentActor } from "./actor.ts";
import { type GrantRow, toGrant } from "./grants.ts";
import { SYSTEM_ACTORS, type SystemActorName } from "./system-actors.ts";
import { judgeToken } from "./token-state.ts";

/** Who an actor is in an organisation, and what they may do there. */
export interface Access {
  record: ActorRecord;
  grants: readonly Grant[];
}

/**
 * Reads what an actor may do in an organisation: a person's own grants and those of their teams; of a personal token,
 * as much of its person's as the token's own grants hold; of a service token, its own; of an agent, what the one whom it
 * acts for may do, without judging changes; of the system, what its name stands for.
 * @returns null when the actor has no place in the organisation: for them it does not exist
 * @throws ControlError FORBIDDEN for a token of the organisation that has expired or was revoked
 */
export async function readAccess(tx: Transaction, actor: Actor, organisationId: string): Promise<Access | null> {
  switch (actor.kind) {
    case "user":
      return readPerson(tx, actor.userId, organisationId);
    case "token":
      return readToken(tx, actor.tokenId, organisationId);
    case "agent":
      return readAgent(tx, actor, organisationId);
    case "system":
      return readSystem(actor.name, organisationId);
  }
}

async function readPerson(tx: Transaction, userId: string, organisationId: string): Promise<Access | null> {
  const member = await tx.member.findUnique({
    where: { organisationId_userId: { organisationId, userId } },
    include: { user: { select: { name: true } } },
  });
  if (!member) return null;
  const rows = await tx.grant.findMany({
    where: { organisationId, OR: [{ userId }, { team: { members: { some: { userId } } } }] },
    include: { customRole: true, team: true },
    orderBy: { id: "asc" },
  });
  const { name } = member.user;
  const person: Grantee = { kind: "person", id: userId, name };
  return {
    record: { kind: "user", id: userId, name, userId },
    grants: rows.map((row) => toGrant(row, row.team ? toSubject(row.team) : person)),
  };
}

/** A team as the subject of a grant. */
export function toSubject(team: Model.Team): Grantee {
  return { kind: "team", id: team.id, name: team.name };
}

async function readToken(tx: Transaction, id: string, organisationId: string): Promise<Access | null> {
  const token = await tx.token.findUnique({
    where: { organisationId_id: { organisationId, id } },
    include: { grants: { include: { customRole: true }, orderBy: { id: "asc" } } },
  });
  if (!token) return null;
  refuseDead(token);
  const own = token.grants.map((row: GrantRow) => toGrant(row, { kind: "token", id, name: token.name }));
  if (token.userId === null) return { record: { kind: "token", id, name: token.name }, grants: own };
  const person = await readPerson(tx, token.userId, organisationId);
  if (!person) return null;
  const name = `${person.record.name} (token ${token.name})`;
  return { record: { kind: "token", id, name, userId: token.userId }, grants: narrow(person.grants, own) };
}

function refuseDead(token: Model.Token): void {
  const state = judgeToken(token);
  if (state === "valid") return;
  const what = state === "revoked" ? "was revoked" : "has expired";
  throw new ControlError("FORBIDDEN", `The token "${token.name}" ${what}. Create another one, and use that.`);
}

async function readAgent(tx: Transaction, agent: AgentActor, organisationId: string): Promise<Access | null> {
  const access = await readAccess(tx, agent.onBehalfOf, organisationId);
  if (!access) return null;
  const { record, grants } = access;
  const everywhere = { kind: "organisation", organisationId } as const;
  return {
    record: { ...record, kind: "agent", name: `${agent.name} for ${record.name}` },
    grants: narrow(grants, [{ actions: ACTIONS_OF_AGENTS, scope: everywhere }]),
  };
}

function readSystem(name: SystemActorName, organisationId: string): Access {
  // The type allows no other name; whoever got around it may do nothing.
  const actions = Object.hasOwn(SYSTEM_ACTORS, name) ? SYSTEM_ACTORS[name] : [];
  const via = { role: name, subject: { kind: "system" as const, id: name, name } };
  return {
    record: { kind: "system", id: null, name },
    grants: [{ actions, scope: { kind: "organisation", organisationId }, via }],
  };
}
