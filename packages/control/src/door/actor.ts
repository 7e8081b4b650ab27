import { type Action, decideAccess, type Grant, type Scope } from "@telltale/access";
import type { Model, Transaction } from "@telltale/db";
import type { Actor, ActorRecord } from "../access/actor.ts";
import { readAccess } from "../access/read-access.ts";
import { requireAction } from "../access/require-action.ts";

export type { Actor, ActorRecord } from "../access/actor.ts";

/** An actor in an organisation, as the door knows them. */
export interface Standing {
  /** The actor and their credential: read again later, it may do what the credential allows then. */
  actor: Actor;
  record: ActorRecord;
  grants: readonly Grant[];
  may(action: Action, scope: Scope): boolean;
  /** @throws ControlError FORBIDDEN, naming who can help */
  demand(action: Action, scope: Scope): Promise<void>;
}

/** Who the actor is in the organisation; null where they have no place in it: for them it does not exist. */
export async function readStanding(tx: Transaction, actor: Actor, organisationId: string): Promise<Standing | null> {
  const access = await readAccess(tx, actor, organisationId);
  if (!access) return null;
  const { record, grants } = access;
  return {
    actor,
    record,
    grants,
    may: (action, scope) => decideAccess(grants, action, scope).allowed,
    demand: (action, scope) => requireAction(tx, access, action, scope),
  };
}

/** The scope of a project, or of an environment of it. */
export function scopeOf(
  project: Pick<Model.Project, "id" | "organisationId">,
  environment?: Pick<Model.Environment, "id">,
): Scope {
  const { organisationId, id: projectId } = project;
  if (!environment) return { kind: "project", organisationId, projectId };
  return { kind: "environment", organisationId, projectId, environmentId: environment.id };
}

/** The scopes of environments, in the order of their projects and from left to right. */
export async function readScopes(tx: Transaction, environmentIds: readonly string[]): Promise<Scope[]> {
  if (environmentIds.length === 0) return [];
  const rows = await tx.environment.findMany({
    where: { id: { in: [...environmentIds] } },
    include: { project: true },
    orderBy: [{ projectId: "asc" }, { position: "asc" }],
  });
  return rows.map((row) => scopeOf(row.project, row));
}

/** Asks for an action in each of these environments. @throws ControlError FORBIDDEN, naming who can help */
export async function demandIn(
  { tx, standing }: { tx: Transaction; standing: Standing },
  action: Action,
  environmentIds: readonly string[],
): Promise<void> {
  for (const scope of await readScopes(tx, environmentIds)) await standing.demand(action, scope);
}

/** The name in a stored actor, whatever wrote it. */
export function actorName(actor: unknown): string {
  return typeof actor === "object" && actor !== null && "name" in actor ? String(actor.name) : "somebody";
}

/** The person's id in a stored actor; null where it was none. */
export function actorId(actor: unknown): string | null {
  return typeof actor === "object" && actor !== null && "id" in actor && typeof actor.id === "string" ? actor.id : null;
}
