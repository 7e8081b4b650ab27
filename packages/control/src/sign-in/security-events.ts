import { type Database, isContended, type Model, type Transaction } from "@telltale/db";
import type { ActorRecord } from "../door/actor.ts";
import { seal } from "../door/chain.ts";
import { networkOf } from "./attempts.ts";

/** What happened at the door of the product itself. */
export type SecurityEvent = "signIn" | "signOut" | "signInFailed" | "passwordChanged" | "renamed";

const SENTENCES: Record<SecurityEvent, string> = {
  signIn: "Signed in",
  signOut: "Signed out",
  signInFailed: "A sign-in failed",
  passwordChanged: "Changed the password; other sessions ended",
  renamed: "Changed the name",
};

/** Once a line records an event, repeats by the same person from the same network are only counted for this long. */
const QUIET_S: Record<SecurityEvent, number> = {
  signIn: 15 * 60,
  signOut: 15 * 60,
  signInFailed: 15 * 60,
  passwordChanged: 60,
  renamed: 60,
};
/** Lines of one event of one person at a time, from however many networks. */
const LINES_MAX = 10;
/** Networks that are counted by themselves; those beyond are counted together. */
const NETWORKS_MAX = 50;
const ELSEWHERE = "elsewhere";
/** Times that a line is tried to be written; each waits for the head of the chain for half a second. */
const ATTEMPTS = 3;

/** Prefix of the commands of such lines: pages of a project leave them out. */
export const SECURITY_COMMANDS = "session.";

export interface SecurityEventOf {
  userId: string;
  event: SecurityEvent;
  /** Where the request came from, as the product's own server says. */
  address: string;
  /** The name before it was changed. */
  nameBefore?: string | undefined;
}

/**
 * Tells the audit trail of every organisation that somebody is of what they did at sign-in, as a line of its chain.
 * Repeats are counted, and the next line tells how many there were. The event is counted first, by itself: where the
 * line cannot be written, because others keep the chain busy, it is told by the next one. It never throws: what somebody
 * did is done, whether or not a line can be written.
 * @param log told what could not be written
 */
export async function recordSecurityEvent(
  database: Database,
  happened: SecurityEventOf,
  log: (message: string) => void,
): Promise<void> {
  const { userId, event } = happened;
  const attempt = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log(
        `The audit trail did not record ${event} of ${userId}; if it was counted, the next line reports it: ${reason}`,
      );
    }
  };
  await attempt(async () => {
    const user = await database.user.findUnique({
      where: { id: userId },
      include: { members: { include: { organisation: true }, orderBy: { organisationId: "asc" } } },
    });
    for (const { organisation } of user?.members ?? []) {
      // An organisation whose chain is busy does not keep the event from the others.
      await attempt(async () => {
        const network = await count(database, organisation.id, happened);
        if (user && network !== null) await tell(database, { organisation, user, network }, happened);
      });
    }
  });
}

/** @returns the network that it was counted for; null: it is a repeat, which no line records yet */
async function count(database: Database, organisationId: string, happened: SecurityEventOf): Promise<string | null> {
  const { userId, event } = happened;
  const network = networkOf(happened.address);
  const [row] = await database.$queryRaw<{ address: string; isQuiet: boolean }[]>`
    with own as (
      select address from security_event_count
       where "organisationId" = ${organisationId} and "userId" = ${userId} and event = ${event})
    insert into security_event_count as c ("organisationId", "userId", event, address, untold, "quietUntil")
    select ${organisationId}, ${userId}, ${event},
           case when ${network} in (select address from own) or (select count(*) from own) < ${NETWORKS_MAX}
                then ${network} else ${ELSEWHERE} end, 1, to_timestamp(0)
    on conflict ("organisationId", "userId", event, address) do update set untold = least(c.untold + 1, 1000000)
    returning address, "quietUntil" > now() as "isQuiet"`;
  return row && !row.isQuiet ? row.address : null;
}

interface Place {
  organisation: Model.Organisation;
  user: Model.User;
  network: string;
}

async function tell(database: Database, place: Place, happened: SecurityEventOf): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await database.$transaction((tx) => writeLine(tx, place, happened));
    } catch (error) {
      if (!isContended(error) || attempt >= ATTEMPTS) throw error;
    }
  }
}

async function writeLine(tx: Transaction, { organisation, user, network }: Place, happened: SecurityEventOf) {
  const { event, address, nameBefore } = happened;
  await tx.$executeRaw`set local lock_timeout = '500ms'`;
  const rows = await tx.$queryRaw<{ address: string; untold: number; isQuiet: boolean }[]>`
    select address, untold, "quietUntil" > now() as "isQuiet" from security_event_count
     where "organisationId" = ${organisation.id} and "userId" = ${user.id} and event = ${event}
     order by address for update`;
  const due = rows.filter(({ isQuiet }) => !isQuiet);
  const times = due.reduce((sum, { untold }) => sum + untold, 0);
  // Another request has told of this one, too; or there were many lines of late, and this one waits for the next.
  if (times === 0 || rows.length - due.length >= LINES_MAX) return;
  const more = times === 1 ? "" : `, and ${times - 1} more since the line before`;
  const line = {
    projectId: null,
    command: `${SECURITY_COMMANDS}${event}`,
    objectKey: user.id,
    object: "member" as const,
    sentence: `${SENTENCES[event]}, from ${address}${more}.`,
    detail: {
      name: user.name,
      address,
      times,
      ...(nameBefore === undefined ? {} : { before: { name: nameBefore }, after: { name: user.name } }),
    },
  };
  await seal(tx, organisation, actorOf(event, user), [line]);
  const others = due.flatMap((row) => (row.address === network ? [] : row.address));
  const of = { organisationId: organisation.id, userId: user.id, event };
  await tx.securityEventCount.deleteMany({ where: { ...of, address: { in: others } } });
  await tx.$executeRaw`
    update security_event_count set untold = 0, "quietUntil" = now() + ${QUIET_S[event]} * interval '1 second'
     where "organisationId" = ${organisation.id} and "userId" = ${user.id} and event = ${event} and address = ${network}`;
}

/** Whoever fails to sign in is not known to be that person. */
function actorOf(event: SecurityEvent, { id, name }: Model.User): ActorRecord {
  if (event === "signInFailed") return { kind: "system", id: null, name: "sign-in" };
  return { kind: "user", id, name, userId: id };
}
