import type { SystemActorName } from "./system-actors.ts";

/**
 * Who asks. What they may do is read from the database, never taken from the caller. An agent acts for a person, or for
 * whoever its token is of.
 */
export type Actor = PersonActor | TokenActor | AgentActor | SystemActor;

export interface PersonActor {
  kind: "user";
  userId: string;
}

export interface TokenActor {
  kind: "token";
  tokenId: string;
}

export interface AgentActor {
  kind: "agent";
  /** What it calls itself. */
  name: string;
  onBehalfOf: PersonActor | TokenActor;
}

export interface SystemActor {
  kind: "system";
  name: SystemActorName;
}

/** An actor as it is written beside a change. */
export interface ActorRecord {
  kind: Actor["kind"];
  /** Of the person or the token; of an agent, whom it acts for; null: the system. */
  id: string | null;
  /** For people, as it was then: "Ana", "Ana (token laptop)", "Claude for Ana". */
  name: string;
  /** The person whose permissions it used; absent: nobody's (service tokens, the system). */
  userId?: string;
}
