import type { Transaction } from "@telltale/db";
import { ControlError, notFound } from "./error.ts";

/** Who asks. A person's role is read from the database, never taken from the caller. */
export type Actor = { kind: "user"; userId: string } | { kind: "system"; name: string };

/** An actor as it is written beside a change. */
export interface ActorRecord {
  kind: "user" | "system";
  id: string | null;
  name: string;
}

export type Role = "owner" | "viewer";

/** What a role may do. */
export type Permission = "read" | "change";

const granted: Record<Role, readonly Permission[]> = { owner: ["read", "change"], viewer: ["read"] };

/**
 * Checks that the actor may do this in the organisation, and says how to write it down.
 * @throws ControlError NOT_FOUND for who is no member; FORBIDDEN, naming who can help
 */
export async function authorise(
  tx: Transaction,
  actor: Actor,
  organisationId: string,
  permission: Permission,
): Promise<ActorRecord> {
  if (actor.kind === "system") return { kind: "system", id: null, name: actor.name };
  const member = await tx.member.findUnique({
    where: { organisationId_userId: { organisationId, userId: actor.userId } },
    include: { user: true },
  });
  // Who is no member does not learn that it exists.
  if (!member) throw notFound("organisation", organisationId);
  if (!granted[member.role].includes(permission)) {
    const owners = await tx.member.findMany({ where: { organisationId, role: "owner" }, include: { user: true } });
    const names = owners.map((owner) => owner.user.name).join(", ");
    throw new ControlError("FORBIDDEN", `As a ${member.role} you can look but not change. Ask an owner: ${names}.`);
  }
  return { kind: "user", id: member.userId, name: member.user.name };
}

/** The name in a stored actor, whatever wrote it. */
export function actorName(actor: unknown): string {
  return typeof actor === "object" && actor !== null && "name" in actor ? String(actor.name) : "somebody";
}

/** The person's id in a stored actor; null where it was none. */
export function actorId(actor: unknown): string | null {
  return typeof actor === "object" && actor !== null && "id" in actor && typeof actor.id === "string" ? actor.id : null;
}
