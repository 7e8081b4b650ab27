import { type ChildProcess, fork } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { totalmem } from "node:os";
import { dirname, join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { EmbeddedError, fromSystemError, portTaken } from "../embedded-error.ts";
import { randomPassword, readState, writeState } from "../state-file.ts";
import { diagnoseOpening, didNotStart, inUse, lastLine } from "./diagnosis.ts";
import { type HeldPort, holdPort } from "./held-port.ts";
import { type ChildMessage, isAnswer, type StartMessage } from "./messages.ts";

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
  /** Called each time it ends without `stop`, with a sentence. */
  onExit(listener: (reason: string) => void): void;
  /** Starts the engine again after it ended by itself. Its port was held meanwhile. @throws EmbeddedError */
  restart(): Promise<void>;
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
  const held = await hold(options.port, state.port);
  const message: StartMessage = {
    folder,
    user: USER,
    password: state.password,
    memoryBytes: options.memoryBytes ?? Math.min(MEMORY_BYTES_MAX, Math.floor(totalmem() / 4)),
  };
  try {
    const { port } = held;
    if (port !== state.port) await writeState(stateFile, { password: state.password, port });
    const owner = await launch(message);
    held.handTo(owner.child);
    const url = `http://${USER}:${state.password}@127.0.0.1:${port}/${DATABASE}`;
    return Object.assign(
      life(owner, held, () => launch(message)),
      { url },
    );
  } catch (error) {
    await held.close();
    throw error;
  }
}

/** The port that must be, or the last one if it can be had, else any. */
async function hold(fixed: number | undefined, last: number | undefined): Promise<HeldPort> {
  const held = (await holdPort(fixed ?? last ?? 0)) ?? (fixed === undefined ? await holdPort(0) : undefined);
  if (!held) throw portTaken(fixed ?? 0);
  return held;
}

/** A folder that another process still holds is tried for a while, since a killed one takes a moment to go. */
async function launch(message: StartMessage): Promise<Owner> {
  const end = Date.now() + LOCK_WAIT_MS;
  for (;;) {
    const owner = spawnOwner();
    const answer = await ask(owner, message);
    if (answer.type === "open") return owner;
    await owner.closed;
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
  /** Resolves when the system has given its process up: all threads gone, its files closed. */
  gone: Promise<void>;
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
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return { child, noise: lastWords(child), gone, closed };
}

function ask({ child, noise }: Owner, message: StartMessage): Promise<ChildMessage> {
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

function life(first: Owner, held: HeldPort, again: () => Promise<Owner>) {
  const listeners: ((reason: string) => void)[] = [];
  let owner = first;
  let isStopping = false;
  const watchOver = ({ child, noise }: Owner) =>
    child.once("exit", (code, name) => {
      held.handTo(undefined);
      const how = lastLine(noise()) || (name ?? `exit code ${code}`);
      if (!isStopping) for (const listener of listeners) listener(`ClickHouse ended unexpectedly (${how}).`);
    });
  watchOver(owner);
  return {
    get pid() {
      return owner.child.pid ?? 0;
    },
    stop: async () => {
      isStopping = true;
      await end(owner);
      await held.close();
    },
    onExit: (listener: (reason: string) => void) => void listeners.push(listener),
    restart: async () => {
      const next = await again();
      if (isStopping) return end(next);
      owner = next;
      watchOver(owner);
      held.handTo(owner.child);
    },
  };
}

/** Asks it to end, makes it end, and waits until it is gone. @throws EmbeddedError when not even that ends it */
async function end({ child, gone }: Owner): Promise<void> {
  for (const name of ["SIGTERM", "SIGKILL"] as const) {
    child.kill(name);
    if (await isDoneIn(gone, STOP_LIMIT_MS)) return;
  }
  throw new EmbeddedError(
    "in-use",
    `The embedded ClickHouse (process ${child.pid}) cannot be ended: its disk may not answer. Look at that process before you start again.`,
  );
}

async function isDoneIn(done: Promise<void>, limitMs: number): Promise<boolean> {
  const waiting = new AbortController();
  const late = pause(limitMs, false, { signal: waiting.signal }).catch(() => false);
  const isDone = await Promise.race([done.then(() => true), late]);
  waiting.abort();
  return isDone;
}
