import { createHash } from "node:crypto";
import { isIPv6 } from "node:net";
import type { Database } from "@telltale/db";

/** Tries within one window, the successful one included. */
const TRIES_OF_ACCOUNT = 10;
/** More than one person may sit behind an address. */
const TRIES_OF_ADDRESS = 30;
const WINDOW_S = 15 * 60;
/** An address from which an account was signed in to keeps a count of its own for that account. */
const KNOWN_S = 90 * 24 * 3_600;

/** Who tries to sign in, and from where. */
export interface SignInAttempt {
  email: string;
  address: string;
}

export type SignInAdmission = { admitted: true } | { admitted: false; retryAfterS: number };

/**
 * Counts a try to sign in, before the password is looked at, and says whether it may be: so many at a time for one
 * account, and so many from one address. Guesses from elsewhere do not lock an account's owner out where that person
 * has signed in before. The database counts, so several processes share the limits, and tries at the same time are
 * counted one by one.
 */
export async function admitAttempt(database: Database, attempt: SignInAttempt): Promise<SignInAdmission> {
  const { address, account, known } = keysOf(attempt);
  const ofAddress = await count(database, address);
  if (ofAddress.count > TRIES_OF_ADDRESS) return { admitted: false, retryAfterS: ofAddress.leftS };
  const ofAccount = await count(database, (await isKnown(database, known)) ? `${known}-tries` : account);
  if (ofAccount.count > TRIES_OF_ACCOUNT) return { admitted: false, retryAfterS: ofAccount.leftS };
  return { admitted: true };
}

/** After the right password: the account's count restarts, the address is known to it, and old counts are removed. */
export async function forgetAttempts(database: Database, attempt: SignInAttempt): Promise<void> {
  const { address, account, known } = keysOf(attempt);
  await database.$executeRaw`
    delete from sign_in_attempt where key in (${account}, ${`${known}-tries`}) or until < now()`;
  await database.$executeRaw`update sign_in_attempt set count = greatest(count - 1, 0) where key = ${address}`;
  await database.$executeRaw`
    insert into sign_in_attempt (key, count, until) values (${known}, 0, now() + ${KNOWN_S} * interval '1 second')
    on conflict (key) do update set until = excluded.until`;
}

async function count(database: Database, key: string): Promise<{ count: number; leftS: number }> {
  const [row] = await database.$queryRaw<{ count: number; leftS: number }[]>`
    insert into sign_in_attempt as a (key, count, until) values (${key}, 1, now() + ${WINDOW_S} * interval '1 second')
    on conflict (key) do update set
      count = case when a.until < now() then 1 else least(a.count + 1, 1000000) end,
      until = case when a.until < now() then excluded.until else a.until end
    returning count, ceil(extract(epoch from until - now()))::int as "leftS"`;
  return row ?? { count: 0, leftS: WINDOW_S };
}

async function isKnown(database: Database, key: string): Promise<boolean> {
  const rows = await database.$queryRaw<unknown[]>`
    select 1 from sign_in_attempt where key = ${key} and until > now()`;
  return rows.length > 0;
}

function keysOf({ email, address }: SignInAttempt) {
  const account = email.trim().toLowerCase();
  const network = networkOf(address);
  return {
    account: hash(`account ${account}`),
    address: hash(`address ${network}`),
    known: hash(`known ${network} ${account}`),
  };
}

/** What counts as one address: one customer has a whole /64 of IPv6, its first four groups. */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = "", tail = ""] = address.toLowerCase().split("%")[0]?.split("::") ?? [];
  const front = head === "" ? [] : head.split(":");
  const back = tail === "" ? [] : tail.split(":");
  const zeros = Array.from({ length: Math.max(0, 8 - front.length - back.length) }, () => "0");
  const groups = address.includes("::") ? [...front, ...zeros, ...back] : front;
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":");
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}
