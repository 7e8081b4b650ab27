import { PrismaPg } from "@prisma/adapter-pg";
import type { SqlQuery } from "@prisma/driver-adapter-utils";
import pg from "pg";
import { Prisma, PrismaClient } from "./generated/client.ts";
import { requireScram, requiresScram } from "./require-scram.ts";

export type Database = PrismaClient;
/** The client inside a transaction: everything but connecting and nesting. */
export type Transaction = Prisma.TransactionClient;

export interface DatabaseOptions {
  /** Connections kept at most (default 10). */
  poolSize?: number;
  /** How long a connection may take, the wait for a free one included (default 10 s). */
  connectTimeoutMs?: number;
  /** How long an answer may take (default 15 s): a server that is frozen fails nothing by itself. */
  answerTimeoutMs?: number;
}

/**
 * Opens the control-plane database.
 * @param url PostgreSQL connection string
 * Nothing connects before the first query; `close` with `$disconnect()`.
 */
export function openDatabase(url: string, options: DatabaseOptions = {}): Database {
  const adapter = new OneByOne({
    connectionString: url,
    max: options.poolSize ?? 10,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 10_000,
    query_timeout: options.answerTimeoutMs ?? 15_000,
    keepAlive: true,
    ...(requiresScram(url) && { Client: ScramClient }),
  });
  return new PrismaClient({ adapter });
}

/**
 * adapter-pg with one query at a time in a transaction. Prisma asks for the relations of an `include` all at once, and a
 * transaction has one connection: pg lines them up, and says that it soon will not.
 */
class OneByOne extends PrismaPg {
  override async connect() {
    const adapter = await super.connect();
    const startTransaction = adapter.startTransaction.bind(adapter);
    adapter.startTransaction = async (level) => {
      const transaction = await startTransaction(level);
      let last: Promise<unknown> = Promise.resolve();
      const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
        const next = last.then(run);
        last = next.catch(() => undefined);
        return next;
      };
      const queryRaw = transaction.queryRaw.bind(transaction);
      const executeRaw = transaction.executeRaw.bind(transaction);
      return Object.assign(transaction, {
        queryRaw: (query: SqlQuery) => inTurn(() => queryRaw(query)),
        executeRaw: (query: SqlQuery) => inTurn(() => executeRaw(query)),
      });
    };
    return adapter;
  }
}

/** Whether a write failed because a row with the same unique key is there: P2002 of Prisma, 23505 of PostgreSQL. */
export function isTaken(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002";
}

/** Whether an error is of the database, or of the way to it: asking once more may go well. */
export function isOfDatabase(error: unknown): boolean {
  const { PrismaClientKnownRequestError, PrismaClientUnknownRequestError, PrismaClientInitializationError } = Prisma;
  const kinds = [PrismaClientKnownRequestError, PrismaClientUnknownRequestError, PrismaClientInitializationError];
  if (kinds.some((kind) => error instanceof kind)) return true;
  return error instanceof Error && (error.name === "DriverAdapterError" || "code" in error);
}

/** What PostgreSQL says when two transactions wait for one another, or one waits for a lock too long. */
const CONTENDED = ["40P01", "40001", "55P03"];

/**
 * Whether a transaction failed only because others were at work: a deadlock, or no turn in time. Nothing of it stayed,
 * and it may be tried again.
 */
export function isContended(error: unknown): boolean {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return false;
  // P2034: a deadlock. P2028: the transaction could not begin, or ran out of its time.
  if (error.code === "P2034" || error.code === "P2028") return true;
  return CONTENDED.some((code) => JSON.stringify(error.meta ?? {}).includes(code));
}

class ScramClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super(config);
    requireScram(this);
  }
}

const REACHABLE_MS = 3_000;

/** Whether the database answers a query now, within three seconds. */
export async function isReachable(database: Database): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), REACHABLE_MS);
  });
  const answered = database.$queryRaw`select 1`.then(
    () => true,
    () => false,
  );
  return Promise.race([answered, late]).finally(() => clearTimeout(timer));
}
