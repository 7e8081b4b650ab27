import { type ChildProcess, fork } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { totalmem } from "node:os";
import { dirname, join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { fromSystemError, portTaken } from "../embedded-error.ts";
import { signal, waitForExit } from "../processes.ts";
import { randomPassword, readState, writeState } from "../state-file.ts";
import { diagnoseOpening, didNotStart, inUse, lastLine } from "./diagnosis.ts";
import { type Answer, isAnswer, type StartMessage } from "./messages.ts";

const USER = "telltale";
const DATABASE = "telltale";
const MEMORY_BYTES_MAX = 2 * 1024 ** 3;
const LOCK_WAIT_MS = 5_000;
const STOP_LIMIT_MS = 20_000;

export interface ClickHouseOptions {
  /** Folder of the embedded databases; `clickhouse/` and its state file are made in it. */
  dataDirectory: string;
  /** Without it: the port of the last run if it is free, else any free one. */
  port?: number;
  /** Cap of the engine's memory; 2 GiB or a quarter of the machine's, whichever is less. */
  memoryBytes?: number;
}

export interface EmbeddedClickHouse {
  /** `http://user:password@127.0.0.1:port/telltale`; the database is made by the event store's migrations. */
  url: string;
  pid: number;
  /** Finishes what runs, closes the engine; resolves when the process is gone. */
  stop(): Promise<void>;
  /** Called once if it ends without `stop`, with a sentence. */
  onExit(listener: (reason: string) => void): void;
}

/**
 * Starts ClickHouse's engine in a process of its own, behind ClickHouse's HTTP interface on loopback.
 * It ends with this process, however this one ends.
 * @throws EmbeddedError with a sentence that says what to do.
 */
export async function startClickHouse(options: ClickHouseOptions): Promise<EmbeddedClickHouse> {
  const dataDirectory = resolve(options.dataDirectory);
  try {
    return await start(dataDirectory, options);
  } catch (error) {
    throw fromSystemError(error, dataDirectory);
  }
}

async function start(dataDirectory: string, options: ClickHouseOptions): Promise<EmbeddedClickHouse> {
  const folder = join(dataDirectory, "clickhouse");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const stateFile = join(dataDirectory, "clickhouse.json");
  const state = (await readState(stateFile)) ?? { password: randomPassword() };
  const { owner, port } = await launch({
    folder,
    user: USER,
    password: state.password,
    port: options.port ?? state.port,
    fixed: options.port !== undefined,
    memoryBytes: options.memoryBytes ?? Math.min(MEMORY_BYTES_MAX, Math.floor(totalmem() / 4)),
  });
  try {
    if (port !== state.port) await writeState(stateFile, { password: state.password, port });
  } catch (error) {
    owner.child.kill();
    throw error;
  }
  return { url: `http://${USER}:${state.password}@127.0.0.1:${port}/${DATABASE}`, ...life(owner) };
}

/** A folder that another process still holds is tried for a while, since a killed one takes a moment to go. */
async function launch(message: StartMessage): Promise<{ owner: Owner; port: number }> {
  const end = Date.now() + LOCK_WAIT_MS;
  for (;;) {
    const owner = spawnOwner();
    const answer = await ask(owner, message);
    if (answer.type === "listening") return { owner, port: answer.port };
    await owner.closed;
    if (answer.type === "port-taken") throw portTaken(answer.port);
    if (answer.type === "failed") throw didNotStart(answer.message);
    const diagnosis = diagnoseOpening(owner.noise(), message.folder);
    if (diagnosis !== "lock") throw diagnosis;
    if (Date.now() > end) throw inUse(message.folder);
    await pause(200);
  }
}

interface Owner {
  child: ChildProcess;
  /** The end of what it wrote to its error stream. */
  noise(): string;
  /** Resolves when it is gone and its error stream read. */
  closed: Promise<void>;
}

/** In a session of its own, so that Ctrl-C in the terminal does not reach it before its parent stops it. */
function spawnOwner(): Owner {
  const main = fileURLToPath(new URL("./main.ts", import.meta.url));
  const child = fork(main, [], {
    cwd: dirname(main),
    execArgv: ["--import", "tsx"],
    detached: true,
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  return { child, noise: lastWords(child), closed };
}

function ask({ child, noise }: Owner, message: StartMessage): Promise<Answer> {
  return new Promise((resolve) => {
    const failed = (why: string) => resolve({ type: "failed", message: why });
    child.once("message", (answer) => (isAnswer(answer) ? resolve(answer) : failed("unexpected answer")));
    child.once("error", (error) => failed(error.message));
    child.once("close", (code, name) => failed(lastLine(noise()) || (name ?? `exit code ${code}`)));
    child.send(message, () => {});
  });
}

/** Keeps the end of what the process wrote to its error stream. */
function lastWords(child: ChildProcess): () => string {
  let text = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    text = (text + chunk.toString()).slice(-4_096);
  });
  return () => text;
}

function life({ child, noise }: Owner): Pick<EmbeddedClickHouse, "pid" | "stop" | "onExit"> {
  const pid = child.pid ?? 0;
  const listeners: ((reason: string) => void)[] = [];
  let isStopping = false;
  child.once("exit", (code, name) => {
    const how = lastLine(noise()) || (name ?? `exit code ${code}`);
    if (!isStopping) for (const listener of listeners) listener(`ClickHouse ended unexpectedly (${how}).`);
  });
  return {
    pid,
    stop: async () => {
      isStopping = true;
      signal(pid, "SIGTERM");
      if (await waitForExit(pid, STOP_LIMIT_MS)) return;
      signal(pid, "SIGKILL");
      await waitForExit(pid, STOP_LIMIT_MS);
    },
    onExit: (listener) => void listeners.push(listener),
  };
}
