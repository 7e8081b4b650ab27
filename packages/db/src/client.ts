import { PrismaPg } from "@prisma/adapter-pg";
import { Prisma, PrismaClient } from "./generated/client.ts";

export type Database = PrismaClient;
/** The client inside a transaction: everything but connecting and nesting. */
export type Transaction = Prisma.TransactionClient;

/**
 * Opens the control-plane database.
 * @param url PostgreSQL connection string
 * @param options.poolSize connections kept at most (default 10)
 * Nothing connects before the first query; `close` with `$disconnect()`.
 */
export function openDatabase(url: string, options: { poolSize?: number } = {}): Database {
  const adapter = new PrismaPg({ connectionString: url, max: options.poolSize ?? 10 });
  return new PrismaClient({ adapter });
}

/** Whether the database answers a query now. */
export async function isReachable(database: Database): Promise<boolean> {
  try {
    await database.$queryRaw`select 1`;
    return true;
  } catch {
    return false;
  }
}

/** Whether a write failed because a row with the same unique key is there: P2002 of Prisma, 23505 of PostgreSQL. */
export function isTaken(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002";
}
