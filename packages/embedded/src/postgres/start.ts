import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, statfs } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { brokenData, diskFull, EmbeddedError, fromSystemError, portTaken } from "../embedded-error.ts";
import { freePort, tryPort } from "../free-port.ts";
import { identity, isRunning, signal, waitForExit } from "../processes.ts";
import { type EngineState, randomPassword, readState, writeState } from "../state-file.ts";
import { findBinaries } from "./binaries.ts";
import { isMissing, prepareCluster } from "./cluster.ts";
import { APP_USER, prepareDatabase } from "./database.ts";
import { diagnose } from "./diagnosis.ts";
import { chooseHome, type Home, type HomeSurroundings } from "./home.ts";
import { LogFile } from "./log-file.ts";
import { findRunning, type Postmaster, probeServer, USER } from "./postmaster.ts";

const DATABASE = "telltale";
const READY_LIMIT_MS = 120_000;
const FREE_BYTES_MIN = 1 << 20;
const RETRY_LIMIT_MS = 15_000;

export interface PostgresOptions {
  /** Folder of the embedded databases; `postgres/` and its state file are made in it. */
  dataDirectory: string;
  /** Without it: the port of the last run if it is free, else any free one. */
  port?: number;
  /** Receives PostgreSQL's log line by line. */
  onLog?: (line: string) => void;
}

export interface EmbeddedPostgres {
  /** `postgres://…` of the database as its superuser, password included: for migrations and tests. */
  url: string;
  /** The same as a role that only reads and writes rows: for the applications. Works once the schema is there. */
  appUrl: string;
  pid: number;
  /** True when it was already running, left behind by a killed parent. */
  adopted: boolean;
  /** Fast shutdown; resolves when the process is gone. */
  stop(): Promise<void>;
  /** Called each time it ends without `stop`, with a sentence. */
  onExit(listener: (reason: string) => void): void;
  /** Starts it again after it ended by itself: on its port, since its address is known. @throws EmbeddedError */
  restart(): Promise<void>;
}

interface Running extends Postmaster {
  child?: ChildProcess;
}

/**
 * Starts PostgreSQL from the platform's npm package, or adopts the one that a killed run left behind.
 * @throws EmbeddedError with a sentence that says what to do.
 */
export async function startPostgres(
  options: PostgresOptions,
  surroundings?: HomeSurroundings,
): Promise<EmbeddedPostgres> {
  const dataDirectory = resolve(options.dataDirectory);
  try {
    return await start(dataDirectory, options, surroundings);
  } catch (error) {
    throw fromSystemError(error, dataDirectory);
  }
}

async function start(
  dataDirectory: string,
  options: PostgresOptions,
  surroundings: HomeSurroundings | undefined,
): Promise<EmbeddedPostgres> {
  const binaries = findBinaries();
  await mkdir(dataDirectory, { recursive: true, mode: 0o700 });
  const home = await chooseHome(dataDirectory, binaries, surroundings);
  const stateFile = join(dataDirectory, "postgres.json");
  const state = await knownState(stateFile, home);
  await prepareCluster(home, state.password);

  const log = new LogFile(`${home.cluster}.log`);
  const left = await leftBehind(home, state, options.port);
  const running = left ?? (await launch(home, state, options.port, log));
  const { port } = running;
  const appPassword = state.appPassword ?? randomPassword();
  if (port !== state.port || appPassword !== state.appPassword) {
    await writeState(stateFile, { ...state, port, appPassword });
  }
  await prepareDatabase({ port, password: state.password, appPassword, name: DATABASE });
  if (options.onLog) log.follow(options.onLog);
  const at = `127.0.0.1:${port}/${DATABASE}`;
  const again = async () => (await leftBehind(home, state, port)) ?? (await launch(home, state, port, log));
  return Object.assign(life(running, log, again), {
    url: `postgres://${USER}:${state.password}@${at}`,
    // Whoever else should come to listen there is not told the password.
    appUrl: `postgres://${APP_USER}:${appPassword}@${at}?require_auth=scram-sha-256`,
    adopted: left !== undefined,
  });
}

/** The password is written before the data are made, so that a kill cannot leave data without it. */
async function knownState(file: string, home: Home): Promise<EngineState> {
  const known = await readState(file);
  if (known) return known;
  if (!(await isMissing(home.cluster))) throw brokenData(home.cluster, `its password file ${file} is missing`);
  const state = { password: randomPassword() };
  await writeState(file, state);
  return state;
}

/** An orphan on another port than the wanted one is stopped and not adopted. */
async function leftBehind(home: Home, state: EngineState, port: number | undefined): Promise<Running | undefined> {
  const found = await findRunning(home.cluster, state.password);
  if (found === undefined || port === undefined || found.port === port) return found;
  await shutDown(found.pid);
  return undefined;
}

/** Starts and waits until it answers; what passes by itself (a dying predecessor, a port just taken) is tried again. */
async function launch(home: Home, state: EngineState, port: number | undefined, log: LogFile): Promise<Running> {
  const end = Date.now() + RETRY_LIMIT_MS;
  let preferred = state.port;
  for (;;) {
    if (port !== undefined && (await tryPort(port)) === undefined) throw portTaken(port);
    const chosen = port ?? (await freePort(preferred));
    const child = await spawnPostgres(home, chosen, log);
    const pid = child.pid;
    if (pid !== undefined && (await answers(child, chosen, state.password))) return { pid, port: chosen, child };

    const diagnosis = diagnose(await log.text(), home.cluster);
    if (diagnosis.again === "no") throw (await isFull(home.cluster)) ? diskFull(home.cluster) : diagnosis.error;
    if (Date.now() > end) throw stillTaken(diagnosis.again, chosen, home.cluster);
    if (diagnosis.again === "port") preferred = undefined;
    const found = diagnosis.again === "lock" ? await findRunning(home.cluster, state.password) : undefined;
    if (found) return found;
    await pause(150);
  }
}

/** On a full disk the log may be empty, so its space is asked too. */
async function isFull(cluster: string): Promise<boolean> {
  const { bavail, bsize } = await statfs(cluster);
  return bavail * bsize < FREE_BYTES_MIN;
}

function stillTaken(what: "lock" | "port", port: number, cluster: string): EmbeddedError {
  if (what === "port") return portTaken(port);
  return new EmbeddedError("in-use", `${cluster} is used by another PostgreSQL: stop it and start again.`);
}

/** In a session of its own: Ctrl-C in the terminal does not reach it, the launcher stops it in order. */
async function spawnPostgres(home: Home, port: number, log: LogFile): Promise<ChildProcess> {
  const settings = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "log_checkpoints=off",
    "log_timezone=UTC",
    "timezone=UTC",
  ];
  const args = ["-D", home.cluster, "-p", String(port), ...settings.flatMap((setting) => ["-c", setting])];
  const command = home.command(home.binaries.postgres, args);
  const file = await log.begin();
  try {
    const child = spawn(command.file, command.args, {
      ...identity(command),
      detached: true,
      stdio: ["ignore", file.fd, file.fd],
    });
    child.on("error", () => {});
    return child;
  } finally {
    await file.close();
  }
}

async function answers(child: ChildProcess, port: number, password: string): Promise<boolean> {
  const end = Date.now() + READY_LIMIT_MS;
  while (child.pid !== undefined && child.exitCode === null && child.signalCode === null && Date.now() < end) {
    if ((await probeServer(port, password)) === "ours") return true;
    await pause(20);
  }
  if (child.pid !== undefined) await shutDown(child.pid);
  return false;
}

/** SIGINT is PostgreSQL's fast shutdown, SIGQUIT its immediate one (the next start recovers). */
async function shutDown(pid: number): Promise<void> {
  for (const [name, limitMs] of [
    ["SIGINT", 20_000],
    ["SIGQUIT", 5_000],
    ["SIGKILL", 5_000],
  ] as const) {
    signal(pid, name);
    if (await waitForExit(pid, limitMs)) return;
  }
}

function life(first: Running, log: LogFile, again: () => Promise<Running>) {
  const listeners: ((reason: string) => void)[] = [];
  let running = first;
  let stopped = false;
  let watch: NodeJS.Timeout | undefined;
  const gone = (how: string) => {
    clearInterval(watch);
    if (stopped) return;
    for (const listener of listeners) listener(`PostgreSQL ended unexpectedly (${how}): see ${log.path}.`);
  };
  const watchOver = ({ child, pid }: Running) => {
    if (child) {
      child.once("exit", (code, name) => gone(name ?? `exit code ${code}`));
      return;
    }
    watch = setInterval(async () => {
      if (!(await isRunning(pid))) gone("process gone");
    }, 1_000).unref();
  };
  watchOver(running);
  return {
    get pid() {
      return running.pid;
    },
    stop: async () => {
      stopped = true;
      clearInterval(watch);
      await shutDown(running.pid);
      log.unfollow();
    },
    onExit: (listener: (reason: string) => void) => void listeners.push(listener),
    restart: async () => {
      const next = await again();
      if (stopped) return shutDown(next.pid);
      running = next;
      watchOver(running);
    },
  };
}
