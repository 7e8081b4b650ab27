import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { type Database, WORKER_LOCK } from "@telltale/control";
import { expect } from "vitest";

const room = fileURLToPath(new URL("../..", import.meta.url));

/** Worker processes by their names, which PostgreSQL knows their connections by. For tests only. */
export interface Workers {
  start(name: string): void;
  /** SIGKILL: nothing that it does is done to its end. */
  kill(name: string): Promise<void>;
  /** Everything that they wrote. */
  output(): string;
  stop(): Promise<void>;
}

export function openWorkers(urls: { databaseUrl: string; clickhouseUrl: string }): Workers {
  const processes = new Map<string, ChildProcess>();
  let output = "";
  const end = async (name: string, signal: NodeJS.Signals) => {
    const child = processes.get(name);
    processes.delete(name);
    if (!child || child.exitCode !== null) return;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  };
  return {
    start(name) {
      const databaseUrl = new URL(urls.databaseUrl);
      databaseUrl.searchParams.set("application_name", name);
      const child = spawn(process.execPath, ["--import", "tsx", "src/main.ts"], {
        cwd: room,
        env: { DATABASE_URL: databaseUrl.href, CLICKHOUSE_URL: urls.clickhouseUrl },
        stdio: ["ignore", "pipe", "pipe"],
      });
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding("utf8").on("data", (text: string) => {
          output += text;
        });
      }
      child.once("exit", (code) => {
        if (code !== null && code !== 0) output += `${name} ended by itself with ${code}\n`;
      });
      processes.set(name, child);
    },
    kill: (name) => end(name, "SIGKILL"),
    output: () => output,
    stop: async () => {
      await Promise.all([...processes.keys()].map((name) => end(name, "SIGTERM")));
    },
  };
}

/** The worker that does the jobs now, and the process of its lock in PostgreSQL. */
async function readLeader(database: Database): Promise<{ name: string; pid: number } | undefined> {
  const rows = await database.$queryRaw<{ name: string; pid: number }[]>`
    select application_name as name, a.pid from pg_locks l join pg_stat_activity a using (pid)
     where locktype = 'advisory' and objid = ${WORKER_LOCK} and granted and datname = current_database()`;
  return rows[0];
}

/** Workers that are connected. */
async function readPresent(database: Database): Promise<string[]> {
  const rows = await database.$queryRaw<{ name: string }[]>`
    select distinct application_name as name from pg_stat_activity
     where datname = current_database() and application_name like 'worker-%' order by 1`;
  return rows.map(({ name }) => name);
}

/** Workers with a transaction that waits for another one. */
async function readWaiting(database: Database): Promise<string[]> {
  const rows = await database.$queryRaw<{ name: string }[]>`
    select distinct application_name as name from pg_stat_activity
     where datname = current_database() and wait_event_type = 'Lock' and application_name like 'worker-%' order by 1`;
  return rows.map(({ name }) => name);
}

/** Holds up every commit at its last statement, when all but the commit is done. @returns lets them go */
async function holdCommits(database: Database): Promise<() => Promise<void>> {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let hold = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    hold = resolve;
  });
  const holding = database.$transaction(
    async (tx) => {
      await tx.$queryRaw`select 1 from organisation_head for update`;
      hold();
      await released;
    },
    { timeout: 300_000 },
  );
  await Promise.race([held, holding]);
  return async () => {
    release();
    await holding;
  };
}

/** Processes take their time on a busy machine. */
export const until = <T>(read: () => Promise<T>) => expect.poll(read, { timeout: 100_000, interval: 20 });

/** Two workers, `worker-1` and `worker-2`, on a database. */
export interface WorkerPair {
  database: Database;
  workers: Workers;
}

const leaderName = async (database: Database) => (await readLeader(database))?.name;
const other = (name: string) => (name === "worker-1" ? "worker-2" : "worker-1");

/** Holds the leader up when all of what it does but its commit is done. @returns its name, and what lets it go */
async function holdLeader({ database }: WorkerPair): Promise<{ leader: string; release: () => Promise<void> }> {
  const release = await holdCommits(database);
  await until(() => readPresent(database)).toEqual(["worker-1", "worker-2"]);
  await until(() => readWaiting(database)).toHaveLength(1);
  return { leader: (await leaderName(database)) ?? "", release };
}

/** Kills the leading worker when all of what it does but its commit is done; another one takes over, a new one stands by. */
export async function killLeader(pair: WorkerPair): Promise<void> {
  const { leader, release } = await holdLeader(pair);
  await pair.workers.kill(leader);
  await until(() => leaderName(pair.database)).toBe(other(leader));
  await release();
  pair.workers.start(leader);
}

/** Takes the lead from a worker that goes on with what it had begun: two do the same at the same time. */
export async function splitLead(pair: WorkerPair): Promise<void> {
  const { database } = pair;
  const { leader: before, release } = await holdLeader(pair);
  const takeLead = async () => {
    const leader = await readLeader(database);
    if (leader?.name === before) await database.$queryRaw`select pg_terminate_backend(${leader.pid}::int)`;
    return readWaiting(database);
  };
  await until(takeLead).toHaveLength(2);
  await release();
}
