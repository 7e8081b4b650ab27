import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { EmbeddedError } from "../embedded-error.ts";
import { folderIdentity, isRunning, programName, workingFolder } from "../processes.ts";

export const USER = "telltale";

/** What `postmaster.pid` says. */
export interface Postmaster {
  pid: number;
  port: number;
}

/** Lines: pid, data folder, start time, port, socket folder, address, shared memory, status. */
export function parsePostmaster(text: string): { pid: number; port?: number } | undefined {
  const lines = text.split("\n");
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  return Number.isSafeInteger(port) && port > 0 ? { pid, port } : { pid };
}

/** Asks a server on loopback: does it answer, and to our password? */
export async function probeServer(port: number, password: string): Promise<"ours" | "busy" | "foreign" | "silent"> {
  const client = new pg.Client({ ...local(port, password), database: "postgres", connectionTimeoutMillis: 5_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    return "ours";
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (code === "57P03") return "busy";
    return /^[0-9A-Z]{5}$/.test(code) && !code.startsWith("E") ? "foreign" : "silent";
  } finally {
    await client.end().catch(() => {});
  }
}

const WAIT_MS = 15_000;

/**
 * A PostgreSQL that an earlier run left on this cluster: found alive, working in this very folder and answering to our
 * password, it is adopted. One that is just starting or stopping is waited for. A pid file is removed whose process is
 * gone, is not PostgreSQL, or works in another folder: then the file, and the password, came here with a copy.
 */
export async function findRunning(cluster: string, password: string): Promise<Postmaster | undefined> {
  const file = join(cluster, "postmaster.pid");
  const end = Date.now() + WAIT_MS;
  for (;;) {
    const text = await readFile(file, "utf8").catch(() => undefined);
    const found = text === undefined ? undefined : parsePostmaster(text);
    if (found === undefined) return undefined;
    if (!(await isPostgres(found.pid)) || (await worksIn(found, cluster, password)) === "elsewhere") {
      await rm(file, { force: true });
      return undefined;
    }
    const isOurs = found.port !== undefined && (await probeServer(found.port, password)) === "ours";
    if (isOurs && found.port !== undefined && (await worksIn(found, cluster, password)) === "here") {
      return { pid: found.pid, port: found.port };
    }
    if (Date.now() > end) {
      throw new EmbeddedError(
        "in-use",
        `${cluster} is used by the PostgreSQL process ${found.pid}, which does not answer to the password kept beside it: stop that process and start again.`,
      );
    }
    await pause(100);
  }
}

/** Whether a server works in this folder: asked of the system, and where that does not tell, of the server itself. */
async function worksIn(
  { pid, port }: { pid: number; port?: number },
  cluster: string,
  password: string,
): Promise<"here" | "elsewhere" | "unknown"> {
  const here = await folderIdentity(cluster);
  const there = (await workingFolder(pid)) ?? (port && (await folderIdentity(await askFolder(port, password))));
  if (here === undefined || !there) return "unknown";
  return here === there ? "here" : "elsewhere";
}

/** The folder that a server says it works in; empty when it does not answer. */
async function askFolder(port: number, password: string): Promise<string> {
  const client = new pg.Client({ ...local(port, password), database: "postgres", connectionTimeoutMillis: 5_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>("SHOW data_directory");
    return rows[0]?.data_directory ?? "";
  } catch {
    return "";
  } finally {
    await client.end().catch(() => {});
  }
}

function local(port: number, password: string) {
  return { host: "127.0.0.1", port, user: USER, password };
}

async function isPostgres(pid: number): Promise<boolean> {
  return (await isRunning(pid)) && ((await programName(pid)) ?? "postgres").startsWith("postgres");
}
