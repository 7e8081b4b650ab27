import { z } from "zod";
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

const person = z.object({ kind: z.literal("user"), userId: z.string() });
const token = z.object({ kind: z.literal("token"), tokenId: z.string() });
const keptActor = z.union([
  person,
  token,
  z.object({ kind: z.literal("agent"), name: z.string(), onBehalfOf: z.union([person, token]) }),
]);

/** Who asks, as it is kept for a later time: people, tokens and agents. @throws z.ZodError for anything else */
export function readKeptActor(json: unknown): z.output<typeof keptActor> {
  return keptActor.parse(json);
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
