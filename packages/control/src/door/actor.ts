import type { Transaction } from "@telltale/db";
import { ControlError } from "./error.ts";

/** Who asks. A person's role is read from the database, never taken from the caller. */
export type Actor = { kind: "user"; userId: string } | { kind: "system"; name: string };

/** An actor as it is written beside a change. */
export interface ActorRecord {
  kind: "user" | "system";
  id: string | null;
  name: string;
}

export type Role = "owner" | "viewer";

/** What somebody may do, by its name. */
export type Action = string;

/**
 * Checks that the actor may do this in the organisation, and says how to write it down.
 * @throws ControlError FORBIDDEN, naming who can help
 */
export async function authorise(
  tx: Transaction,
  actor: Actor,
  organisationId: string,
  action: Action,
): Promise<ActorRecord> {
  if (actor.kind === "system") return { kind: "system", id: null, name: actor.name };
  const member = await tx.member.findUnique({
    where: { organisationId_userId: { organisationId, userId: actor.userId } },
    include: { user: true },
  });
  if (!member) {
    throw new ControlError("FORBIDDEN", "You are not a member of this organisation. Ask one of its owners to add you.");
  }
  if (member.role === "viewer" && action !== "read") {
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
