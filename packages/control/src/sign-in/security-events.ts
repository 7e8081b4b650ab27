import type { Database } from "@telltale/db";
import type { ActorRecord } from "../door/actor.ts";
import { seal } from "../door/chain.ts";

/** What happened at the door of the product itself. */
export type SecurityEvent = "signIn" | "signOut" | "signInFailed" | "passwordChanged" | "renamed";

const SENTENCES: Record<SecurityEvent, string> = {
  signIn: "Signed in",
  signOut: "Signed out",
  signInFailed: "A sign-in failed",
  passwordChanged: "Changed the password; other sessions ended",
  renamed: "Changed the name",
};

/** Prefix of the commands of such lines: pages of a project leave them out. */
export const SECURITY_COMMANDS = "session.";

/**
 * Writes what somebody did at sign-in into the audit trail of every organisation that they are of, as a line of its chain.
 * @param address where the request came from, as the product's own server says
 */
export async function recordSecurityEvent(
  database: Database,
  userId: string,
  event: SecurityEvent,
  address: string,
): Promise<void> {
  const user = await database.user.findUnique({
    where: { id: userId },
    include: { members: { include: { organisation: true }, orderBy: { organisationId: "asc" } } },
  });
  if (!user) return;
  const { id, name, members } = user;
  // Whoever fails to sign in is not known to be that person.
  const person: ActorRecord = { kind: "user", id, name, userId: id };
  const actor: ActorRecord = event === "signInFailed" ? { kind: "system", id: null, name: "sign-in" } : person;
  const sentence = `${SENTENCES[event]}, from ${address}.`;
  const line = { object: "member", objectKey: id, sentence, detail: { name, address } } as const;
  const lines = [{ ...line, projectId: null, command: `${SECURITY_COMMANDS}${event}` }];
  for (const { organisation } of members) {
    await database.$transaction((tx) => seal(tx, organisation, actor, lines));
  }
}
