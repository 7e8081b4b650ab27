import { isUtf8 } from "node:buffer";
import { drainPending, Session } from "chdb";
import { exception } from "./exception.ts";
import { QueryLane } from "./query-lane.ts";
import { isRead, type PlainInsert, parseInsert, prelude, type StatementRequest } from "./statement.ts";

const WAITING_MAX = 200;
/** The engine's own `max_query_size`, with room to spare. */
const QUERY_BYTES_DEFAULT = 200_000;

export interface StatementResult {
  body: Uint8Array;
  readRows: number;
  writtenRows: number;
  elapsedSeconds: number;
}

/**
 * ClickHouse's engine over one folder. Each statement gets a connection of its own (about 1 ms), so that settings,
 * database and parameters of one request are never seen by another. Reads and writes queue apart: a long analysis
 * does not hold up an insert.
 */
export class Engine {
  readonly #folder: string;
  readonly #root: Session;
  readonly #reads = new QueryLane(2, WAITING_MAX);
  readonly #writes = new QueryLane(2, WAITING_MAX);

  private constructor(folder: string, root: Session) {
    this.#folder = folder;
    this.#root = root;
  }

  /** Opens the folder. @throws when another process holds it or it is broken; the engine says which on its error stream. */
  static open(folder: string, memoryBytes: number): Engine {
    const connectionArgs = [
      `--max_server_memory_usage=${memoryBytes}`,
      `--mark_cache_size=${64 << 20}`,
      "--uncompressed_cache_size=0",
    ];
    return new Engine(folder, new Session(folder, { connectionArgs }));
  }

  run(statement: StatementRequest): Promise<StatementResult> {
    const insert = statement.data === undefined ? undefined : parseInsert(statement.sql);
    const lane = isRead(statement.sql) ? this.#reads : this.#writes;
    return lane.run(async () => {
      const session = new Session(this.#folder);
      try {
        await prepare(session, prelude(statement));
        if (insert && statement.data) return await insertBytes(session, insert, statement);
        return await query(session, statement);
      } finally {
        session.close();
      }
    });
  }

  /** Waits for what still runs, then closes. */
  async close(): Promise<void> {
    await drainPending();
    this.#root.close();
    await drainPending();
  }
}

/** Long parameters may pass the engine's limit for a query's text, as they do on the server. */
async function prepare(session: Session, first: string): Promise<void> {
  const bytes = Buffer.byteLength(first);
  if (bytes > QUERY_BYTES_DEFAULT) await session.queryAsync(`SET max_query_size = ${bytes}`);
  if (bytes > 0) await session.queryAsync(first);
}

async function query(session: Session, statement: StatementRequest): Promise<StatementResult> {
  const { sql, data } = statement;
  if (data !== undefined && !isUtf8(data)) {
    throw exception(48, "NOT_IMPLEMENTED", "The embedded ClickHouse takes inserts in text formats only");
  }
  const text = data === undefined ? sql : `${sql}\n${data.toString("utf8")}`;
  const result = await session.queryAsync(text, { format: statement.format });
  return {
    body: result.bytes(),
    readRows: result.rowsRead,
    writtenRows: 0,
    elapsedSeconds: result.elapsed,
  };
}

/** The engine parses the bytes itself, off this thread. */
async function insertBytes(
  session: Session,
  insert: PlainInsert,
  statement: StatementRequest,
): Promise<StatementResult> {
  const values = statement.data ?? Buffer.alloc(0);
  const result = await session.insert({ ...insert, values });
  return {
    body: new Uint8Array(),
    readRows: 0,
    writtenRows: result.rowsWritten,
    elapsedSeconds: result.elapsed,
  };
}
